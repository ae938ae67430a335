// One list: its mode and what that does, its entries, where new ones are added, and its lock.
import { Badge, Box, Button, Group, SegmentedControl, Switch, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconList, IconLock } from '@tabler/icons-react';
import type { Allowlist } from '../api/nouns';
import { Notice } from '../ui/notice';
import { Panel } from '../ui/panel';
import type { Search } from '../ui/url';
import { When } from '../ui/when';
import { Why, whyNot } from '../ui/why';
import { AddEntry } from './AddEntry';
import { EntryRow } from './EntryRow';
import { ObservedCalls } from './ObservedCalls';
import { PasteEntries } from './PasteEntries';
import { add, edit, putBack, takeOff, type Draft, type Kind, type Mode } from './allowlist';
import type { Flaw } from './useLists';
import { MODES, WORDS } from './words';

type ListProps = { kind: Kind; saved: Allowlist; draft: Draft; onChange: (draft: Draft) => void; flaw: Flaw | null; calls: Search };

export function AllowlistPanel({ kind, saved, draft, onChange, flaw, calls }: ListProps) {
  const [pasting, paste] = useDisclosure();
  const { title, hint, off } = WORDS[kind];
  const why = whyNot(saved.can_edit);
  const kept = draft.entries.filter(({ isGone }) => !isGone).length;
  const actions = (
    <>
      {draft.mode !== saved.mode && (
        <Badge color="amber" variant="light" c="var(--kw-observed-text)">
          was {saved.mode}
        </Badge>
      )}
      <Why why={why}>
        <Button variant="subtle" color="gray" leftSection={<IconList size={15} />} onClick={paste.open}>
          Paste many…
        </Button>
      </Why>
      <ModeSwitch title={title} mode={draft.mode} why={why} change={(mode) => onChange({ ...draft, mode })} />
    </>
  );
  const footer = (
    <Group justify="space-between" gap="xs">
      <Text size="xs" c="dimmed">
        {MODES[draft.mode].does}{' '}
        {saved.mode === 'observe' && <ObservedCalls kind={kind} of={calls} />}
      </Text>
      <Lock saved={saved} locked={draft.locked} change={(locked) => onChange({ ...draft, locked })} title={title} />
    </Group>
  );
  return (
    <Panel title={title} hint={hint} actions={actions} footer={footer} flush>
      {draft.mode !== 'off' && kept === 0 && (
        <Box px="lg" py="sm">
          <Notice kind="info">An empty list is open: it says nothing of any call until it has an entry.</Notice>
        </Box>
      )}
      {draft.mode === 'off' && kept > 0 && (
        <Box px="lg" py="sm">
          <Notice kind="warn">
            This list is off: every call passes it. Choose Enforce to let {kept === 1 ? 'only this entry' : 'only these entries'} pass, or
            Observe to see in the log what that would deny.
          </Notice>
        </Box>
      )}
      {flaw?.value === null && (
        <Box px="lg" py="sm">
          <Notice kind="bad">{flaw.detail}</Notice>
        </Box>
      )}
      {draft.entries.length === 0 && draft.mode === 'off' && (
        <Text px="lg" py="sm" size="sm" c="dimmed">
          {off}
        </Text>
      )}
      {draft.entries.map((entry, i) => (
        <EntryRow
          first={i === 0}
          key={entry.value}
          entry={entry}
          flaw={flaw?.value === entry.value ? flaw.detail : null}
          why={why}
          edit={(next) => onChange(edit(draft, next))}
          takeOff={() => onChange(takeOff(draft, entry.value))}
          putBack={() => onChange(putBack(draft, entry.value))}
        />
      ))}
      {why === null && <AddEntry kind={kind} known={draft.entries} add={(entry) => onChange(add(draft, [entry]))} />}
      <PasteEntries kind={kind} opened={pasting} close={paste.close} add={(entries) => onChange(add(draft, entries))} />
    </Panel>
  );
}

type SwitchProps = { title: string; mode: Mode; why: string | null; change: (mode: Mode) => void };

function ModeSwitch({ title, mode, why, change }: SwitchProps) {
  return (
    <Tooltip label={why} disabled={why === null}>
      <Box>
        <SegmentedControl
          aria-label={`${title}: mode`}
          color={mode === 'enforce' ? 'petrol.7' : undefined}
          disabled={why !== null}
          value={mode}
          onChange={(next) => change(next as Mode)}
          data={Object.entries(MODES).map(([value, { label }]) => ({ value, label }))}
        />
      </Box>
    </Tooltip>
  );
}

type LockProps = { title: string; saved: Allowlist; locked: boolean; change: (locked: boolean) => void };

/** Who may lock sees the switch; who finds a list locked reads why it cannot be changed. */
function Lock({ title, saved, locked, change }: LockProps) {
  if (saved.can_lock.allowed) {
    return (
      <Group gap="xs">
        <LockedBy saved={saved} />
        <Switch
          size="xs"
          labelPosition="left"
          label="Locked against the key's holder"
          aria-label={`${title}: locked`}
          checked={locked}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      </Group>
    );
  }
  if (!saved.locked) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <IconLock size={14} aria-hidden />
      <Text size="xs">{saved.can_edit.why}</Text>
      {saved.locked_at && (
        <Text size="xs" c="dimmed">
          <When at={saved.locked_at} />
        </Text>
      )}
    </Group>
  );
}

/** Who locked the list as it is saved, and when, where that is known. */
function LockedBy({ saved: { locked_by, locked_at } }: { saved: Allowlist }) {
  if (locked_at === null) return null;
  return (
    <Text size="xs" c="dimmed">
      Locked {locked_by && `by ${locked_by.name} `}
      <When at={locked_at} />
    </Text>
  );
}
