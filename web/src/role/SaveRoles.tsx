// The foot of the editor: how much is changed, and saving all of it at once.
import { Button, Group, Text } from '@mantine/core';
import { plural } from '../ui/format';
import { Why } from '../ui/why';
import type { RolesEditor } from './useRoles';

export function SaveRoles({ editor, shut }: { editor: RolesEditor; shut: () => void }) {
  const { changes, drafts, busy } = editor;
  const save = async () => {
    if (await editor.save()) shut();
  };
  return (
    <Group
      justify="space-between"
      gap="xs"
      py="sm"
      pos="sticky"
      bottom={0}
      bg="var(--mantine-color-body)"
      style={{ zIndex: 1, borderTop: '1px solid var(--kw-hairline)' }}
    >
      <Text size="sm" c="dimmed" role="status">
        {changes === 0 ? 'Nothing is changed.' : `${plural(changes, 'role')} changed, not saved`}
      </Text>
      <Group gap="xs">
        <Button variant="default" onClick={changes === 0 ? shut : editor.discard}>
          {changes === 0 ? 'Close' : 'Discard'}
        </Button>
        <Why why={changes === 0 ? 'Nothing is changed yet.' : null}>
          <Button
            color={drafts.some(({ isGone }) => isGone) ? 'vermilion.7' : undefined}
            loading={busy}
            onClick={() => void save()}
          >
            {saveWord(drafts)}
          </Button>
        </Why>
      </Group>
    </Group>
  );
}

/** The button names what it destroys. */
function saveWord(drafts: RolesEditor['drafts']): string {
  const gone = drafts.filter(({ isGone }) => isGone).map(({ name }) => name);
  return gone.length === 0 ? 'Save roles' : `Save roles and delete ${gone.join(', ')}`;
}
