// A role that is deleted when the roles are saved: what its holders get instead, and the way back.
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { Role } from '../api/nouns';
import { plural } from '../ui/format';
import { Notice } from '../ui/notice';
import type { RoleDraft } from './draft';
import type { RolesEditor } from './useRoles';

export function GoneRole({ role, draft, editor }: { role: Role; draft: RoleDraft; editor: RolesEditor }) {
  const { base, drafts, flaws } = editor;
  const gone = new Set(drafts.filter(({ isGone }) => isGone).map(({ id }) => id));
  const instead = base.roles.filter(({ id, can }) => !gone.has(id) && can.give.allowed);
  return (
    <Stack gap="md">
      <Notice kind="bad">
        <b>{role.name}</b> is deleted when you save.{' '}
        {role.holders === 0 ? 'Nobody holds it.' : `${plural(role.holders, 'member')} of it get another role at once.`}
      </Notice>
      {role.holders > 0 && (
        <Select
          label={`What ${role.holders === 1 ? 'its holder gets' : `its ${role.holders} holders get`} instead`}
          placeholder="Choose a role"
          data={instead.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.replacement}
          onChange={(replacement) => editor.change({ ...draft, replacement })}
          error={flaws[draft.key]?.replacement}
          nothingFoundMessage="There is no role that you could give them"
        />
      )}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          Nothing is deleted before you save.
        </Text>
        <Button variant="default" leftSection={<IconArrowBackUp size={15} />} onClick={() => editor.putBack(draft)}>
          Put {role.name} back
        </Button>
      </Group>
    </Stack>
  );
}
