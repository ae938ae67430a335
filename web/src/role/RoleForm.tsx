// One role in the editor: its name, its levels, and what saving it means for those who hold it.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { Role } from '../api/nouns';
import { Notice } from '../ui/notice';
import { Why, whyNot } from '../ui/why';
import type { RoleDraft } from './draft';
import { allowedBy, difference } from './matrix';
import { ModuleLevels } from './ModuleLevels';
import type { RolesEditor } from './useRoles';

type FormProps = {
  /** As it is saved; none for a new one. */
  role: Role | undefined;
  /** As it is being changed; none for what is built in. */
  draft: RoleDraft | undefined;
  editor: RolesEditor;
  mine: readonly string[];
};

export function RoleForm({ role, draft, editor, mine }: FormProps) {
  const { modules } = editor.base;
  if (!draft) {
    if (!role) return null;
    return (
      <Stack gap="md">
        <Notice>{role.can.edit.why ?? `${role.name} is built in: it stays as it is.`}</Notice>
        <ModuleLevels role={role} modules={modules} mine={mine} why={role.can.edit.why ?? 'A built-in role stays as it is.'} change={() => {}} />
      </Stack>
    );
  }
  const why = role ? whyNot(role.can.edit) : null;
  return (
    <Stack gap="md">
      {why !== null && <Notice kind="warn">{why}</Notice>}
      <TextInput
        label="Name"
        placeholder="developer"
        autoComplete="off"
        data-autofocus
        readOnly={why !== null}
        value={draft.name}
        error={editor.flaws[draft.key]?.name}
        onChange={(event) => editor.change({ ...draft, name: event.currentTarget.value })}
      />
      <ModuleLevels role={draft} modules={modules} mine={mine} why={why} change={editor.change} />
      <Consequence role={role} draft={draft} editor={editor} />
      <Group justify="flex-start">
        <Why why={role ? whyNot(role.can.delete) : null}>
          <Button
            variant="subtle"
            color="vermilion"
            c={role && !role.can.delete.allowed ? undefined : 'var(--kw-denied-text)'}
            leftSection={<IconTrash size={15} />}
            onClick={() => editor.remove(draft)}
          >
            {role ? `Delete ${role.name}…` : 'Discard this role'}
          </Button>
        </Why>
      </Group>
    </Stack>
  );
}

type ConsequenceProps = { role: Role | undefined; draft: RoleDraft; editor: RolesEditor };

/** Who gets what, and who loses what, at once. */
function Consequence({ role, draft, editor }: ConsequenceProps) {
  if (!role || role.holders === 0) return null;
  const { modules } = editor.base;
  const { wins, loses } = difference(allowedBy(role, modules), allowedBy(draft, modules));
  if (wins.length === 0 && loses.length === 0) return null;
  const who = role.holders === 1 ? 'One member holds this role. They' : `${role.holders} members hold this role. They`;
  return (
    <Notice kind={loses.length > 0 ? 'warn' : 'info'}>
      {who} will get {wins.length > 0 ? <Names names={wins} /> : 'nothing'} at once, and lose{' '}
      {loses.length > 0 ? <Names names={loses} /> : 'nothing'}.
    </Notice>
  );
}

const Names = ({ names }: { names: readonly string[] }) => (
  <Text span inherit fw={620}>
    {names.join(', ')}
  </Text>
);
