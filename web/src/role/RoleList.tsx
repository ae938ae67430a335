// The roles to choose from in the editor: a list at a desk, one field on a phone.
import { Box, Button, Select, Stack, Text, UnstyledButton, useMatches } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { Allowed, Role } from '../api/nouns';
import { plural } from '../ui/format';
import { Why, whyNot } from '../ui/why';
import { isChanged, type Flaws, type RoleDraft } from './draft';

type ListProps = {
  roles: readonly Role[];
  drafts: readonly RoleDraft[];
  flaws: Record<string, Flaws>;
  chosen: string | undefined;
  choose: (key: string) => void;
  create: Allowed;
  add: () => void;
};

type Line = { key: string; name: string; note: string; isGone: boolean; isWrong: boolean };

export function RoleList({ roles, drafts, flaws, chosen, choose, create, add }: ListProps) {
  const wide = useMatches({ base: false, sm: true }, { getInitialValueInEffect: false });
  const lines = linesOf(roles, drafts, flaws);
  return (
    <Stack gap={2} align="stretch">
      {wide ? (
        lines.map((line) => <OneRole key={line.key} line={line} isChosen={line.key === chosen} choose={choose} />)
      ) : (
        <Select
          label="Role"
          data={lines.map(({ key, name, note }) => ({ value: key, label: `${name}, ${note}` }))}
          value={chosen ?? null}
          onChange={(key) => key && choose(key)}
        />
      )}
      <Why why={whyNot(create)}>
        <Button variant="subtle" justify="flex-start" px={10} mt={4} leftSection={<IconPlus size={15} />} onClick={add}>
          New role
        </Button>
      </Why>
    </Stack>
  );
}

function linesOf(roles: readonly Role[], drafts: readonly RoleDraft[], flaws: Record<string, Flaws>): Line[] {
  const fixed = roles.filter((role) => role.built_in);
  const built = fixed.map(({ id, name, holders }) => ({
    key: id,
    name,
    note: `built in, ${holdersWord(holders)}`,
    isGone: false,
    isWrong: false,
  }));
  const own = drafts.map((draft) => {
    const role = roles.find(({ id }) => id === draft.id);
    const note = draft.isGone ? 'to be deleted' : role ? holdersWord(role.holders) : 'new';
    return {
      key: draft.key,
      name: draft.name.trim() || 'No name yet',
      note: !draft.isGone && role && isChanged(roles, draft) ? `${note}, changed` : note,
      isGone: draft.isGone,
      isWrong: flaws[draft.key] !== undefined,
    };
  });
  return [...built, ...own];
}

const holdersWord = (holders: number) => (holders === 0 ? 'held by nobody' : plural(holders, 'member'));

function OneRole({ line, isChosen, choose }: { line: Line; isChosen: boolean; choose: (key: string) => void }) {
  const { key, name, note, isGone, isWrong } = line;
  return (
    <UnstyledButton
      px={10}
      py={7}
      bdrs="md"
      aria-pressed={isChosen}
      bg={isChosen ? 'var(--kw-allowed-wash)' : undefined}
      onClick={() => choose(key)}
    >
      <Box miw={0}>
        <Text
          size="sm"
          truncate
          fw={isChosen ? 560 : 400}
          c={isChosen ? 'var(--kw-allowed-text)' : undefined}
          td={isGone ? 'line-through' : undefined}
        >
          {name}
        </Text>
        <Text size="xs" c={isWrong ? 'var(--kw-denied-text)' : isChosen ? 'var(--kw-allowed-text)' : 'dimmed'}>
          {isWrong ? 'needs a look' : note}
        </Text>
      </Box>
    </UnstyledButton>
  );
}
