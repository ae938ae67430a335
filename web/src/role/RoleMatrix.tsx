// What each role may do: a row for each, a column for each module; on a phone a tile for each.
import { Badge, Box, Button, Group, Table, Text, useMatches } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Module, Role } from '../api/nouns';
import { plural } from '../ui/format';
import { cellOf } from './matrix';

type MatrixProps = {
  roles: readonly Role[];
  modules: readonly Module[];
  open: (role: Role) => void;
  /** One more column: who holds a role. */
  holders?: (role: Role) => ReactNode;
};

export function RoleMatrix({ roles, modules, open, holders }: MatrixProps) {
  const wide = useMatches({ base: false, sm: true }, { getInitialValueInEffect: false });
  if (!wide) return <RoleTiles roles={roles} modules={modules} open={open} />;
  return (
    <Table.ScrollContainer minWidth={720} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Roles' } }}>
      <Table aria-label="Roles" verticalSpacing={9} highlightOnHover={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ps="lg">Role</Table.Th>
            {modules.map(({ module, title }) => (
              <Table.Th key={module}>{title}</Table.Th>
            ))}
            {holders && <Table.Th>Held by</Table.Th>}
            <Table.Th w={72} aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {roles.map((role) => (
            <Table.Tr key={role.id}>
              <Table.Td ps="lg">
                <RoleName role={role} isCounted={!holders} />
              </Table.Td>
              {modules.map((module) => (
                <Table.Td key={module.module}>
                  <Cell role={role} module={module} />
                </Table.Td>
              ))}
              {holders && <Table.Td>{holders(role)}</Table.Td>}
              <Table.Td ta="right" pe="md">
                <OpenRole role={role} open={open} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function RoleTiles({ roles, modules, open }: Pick<MatrixProps, 'roles' | 'modules' | 'open'>) {
  return (
    <Box component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {roles.map((role, i) => (
        <Box
          component="li"
          key={role.id}
          px="md"
          py="sm"
          style={{ borderTop: i ? '1px solid var(--kw-hairline)' : undefined }}
        >
          <Group justify="space-between" wrap="nowrap" mb={6}>
            <RoleName role={role} isCounted />
            <OpenRole role={role} open={open} />
          </Group>
          <Group gap={6}>
            {modules.map((module) => {
              const cell = cellOf(role, module);
              return cell && <Grade key={module.module} cell={`${module.title}: ${cell}`} isAll={cell === 'All'} />;
            })}
          </Group>
        </Box>
      ))}
    </Box>
  );
}

/** `isCounted`: nothing else on the page says how many hold it. */
function RoleName({ role: { name, built_in, holders }, isCounted }: { role: Role; isCounted: boolean }) {
  const count = holders === 0 ? 'held by nobody' : plural(holders, 'member');
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      <Text span inherit fw={560}>
        {name}
      </Text>{' '}
      <Text span size="xs" c="dimmed">
        {built_in ? 'built in' : isCounted && count}
      </Text>
    </Text>
  );
}

function Cell({ role, module }: { role: Role; module: Module }) {
  const cell = cellOf(role, module);
  if (cell === null)
    return (
      <Text span c="dimmed" aria-label="Nothing">
        —
      </Text>
    );
  return <Grade cell={cell} isAll={cell === 'All'} />;
}

/** Everything is tinted; a part is outlined. */
function Grade({ cell, isAll }: { cell: string; isAll: boolean }) {
  return (
    <Badge
      color={isAll ? 'petrol' : 'gray'}
      variant={isAll ? 'light' : 'outline'}
      c={isAll ? 'var(--kw-allowed-text)' : 'var(--mantine-color-text)'}
      bd={isAll ? undefined : '1px solid var(--mantine-color-default-border)'}
    >
      {cell}
    </Badge>
  );
}

/** Built-in roles are opened to be read. */
function OpenRole({ role, open }: { role: Role; open: (role: Role) => void }) {
  return (
    <Button variant="subtle" size="compact-sm" aria-label={`${role.built_in ? 'Show' : 'Edit'} the role ${role.name}`} onClick={() => open(role)}>
      {role.built_in ? 'Show' : 'Edit'}
    </Button>
  );
}
