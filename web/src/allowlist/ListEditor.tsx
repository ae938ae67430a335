// Four lists that are changed on the page and saved together.
import { Button, Card, Group, Text } from '@mantine/core';
import { useEffect } from 'react';
import type { Allowlists } from '../api/nouns';
import { ChangedMeanwhile, isMeanwhile } from '../key/ChangedMeanwhile';
import { plural } from '../ui/format';
import { Refused } from '../ui/notice';
import type { Search } from '../ui/url';
import { AllowlistPanel } from './AllowlistPanel';
import { KINDS } from './allowlist';
import { useLists, type ListsDoor } from './useLists';

type EditorProps = {
  saved: Allowlists;
  door: ListsDoor;
  onDirty: (dirty: boolean) => void;
  /** Which calls pass these lists, as the address of the log says it. */
  calls: Search;
};

export function ListEditor({ saved, door, onDirty, calls }: EditorProps) {
  const { draft, change, changes, discard, save, takeIn, busy, flaw, error } = useLists(saved, door);
  useEffect(() => onDirty(changes > 0), [changes, onDirty]);
  return (
    <>
      {KINDS.map((kind) => (
        <AllowlistPanel
          key={kind}
          kind={kind}
          saved={saved[kind]}
          draft={draft[kind]}
          onChange={change(kind)}
          flaw={flaw?.kind === kind ? flaw : null}
          calls={calls}
        />
      ))}
      {isMeanwhile(error) && calls.key ? (
        <ChangedMeanwhile keyId={calls.key} seen={saved.version} busy={busy} takeIn={() => void takeIn()} />
      ) : (
        <Refused error={error} />
      )}
      {isMeanwhile(error) && !calls.key && (
        <Button loading={busy} onClick={() => void takeIn()} w="fit-content">
          Put my change on top of what the lists are now
        </Button>
      )}
      {changes > 0 && <SaveBar changes={changes} busy={busy} save={save} discard={discard} />}
    </>
  );
}

type SaveProps = { changes: number; busy: boolean; save: () => void; discard: () => void };

/** Stays in view while there is something to save. */
function SaveBar({ changes, busy, save, discard }: SaveProps) {
  return (
    <Card
      p="sm"
      pos="sticky"
      bottom={{ base: 70, sm: 16 }}
      shadow="md"
      style={{ zIndex: 2 }}
      role="region"
      aria-label="Changes"
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" px={8}>
          {plural(changes, 'change')}, not saved
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={discard}>
            Discard
          </Button>
          <Button loading={busy} onClick={save}>
            Save lists
          </Button>
        </Group>
      </Group>
    </Card>
  );
}
