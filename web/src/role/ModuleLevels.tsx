// The modules of a role in the editor: a level for each, and its single permissions behind it.
import { Box, Checkbox, Collapse, Group, SegmentedControl, SimpleGrid, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import type { Module } from '../api/nouns';
import { Mono } from '../ui/mono';
import { choicesOf, levelOf, LEVELS, lineOf, operationsOf, toggled, withLevel, type Held, type Level } from './matrix';

type LevelsProps<Role extends Held> = {
  role: Role;
  modules: readonly Module[];
  /** What one holds oneself: nobody gives what they do not have. */
  mine: readonly string[];
  /** Why nothing can be changed here; null if it can. */
  why: string | null;
  change: (role: Role) => void;
};

export function ModuleLevels<Role extends Held>({ role, modules, mine, why, change }: LevelsProps<Role>) {
  return (
    <Box bdrs="md" bd="1px solid var(--mantine-color-default-border)" style={{ overflow: 'hidden' }}>
      {modules.map((module, i) => (
        <OneModule
          key={module.module}
          isFirst={i === 0}
          first={modules[0]?.module ?? ''}
          role={role}
          module={module}
          mine={mine}
          why={why}
          change={change}
        />
      ))}
    </Box>
  );
}

type ModuleProps<Role extends Held> = Omit<LevelsProps<Role>, 'modules'> & { module: Module; first: string; isFirst: boolean };

function OneModule<Role extends Held>({ role, module, first, isFirst, mine, why, change }: ModuleProps<Role>) {
  const level = levelOf(role, module);
  const [opened, { toggle }] = useDisclosure(level === 'some');
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  const panel = `permissions-${module.module}`;
  return (
    <Box bg={opened ? 'var(--kw-page)' : undefined} style={{ borderTop: isFirst ? undefined : '1px solid var(--kw-hairline)' }}>
      <Group justify="space-between" gap="xs" px="sm" py={9}>
        <UnstyledButton aria-expanded={opened} aria-controls={panel} onClick={toggle} flex="1 1 180px">
          <Group gap="sm" wrap="nowrap">
            <Chevron size={16} aria-hidden style={{ flex: 'none' }} />
            <Box>
              <Text size="sm" fw={560}>
                {module.title}
              </Text>
              <Text size="xs" c="dimmed">
                {lineOf(role, module)}
              </Text>
            </Box>
          </Group>
        </UnstyledButton>
        <LevelSwitch
          module={module}
          level={level}
          levels={choicesOf(module, level, first)}
          mine={mine}
          why={why}
          change={(next) => change(withLevel(role, module, next))}
        />
      </Group>
      <Collapse expanded={opened} id={panel}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing={10} px="sm" pb="sm" pt={4}>
          {module.permissions.map(({ permission, title }) => (
            <Permission
              key={permission}
              name={permission}
              title={title}
              isOn={level === 'all' || role.permissions.includes(permission)}
              why={why ?? whyFixed(module, first, permission) ?? whyNotMine(mine, [permission])}
              toggle={() => change(toggled(role, module, permission))}
            />
          ))}
        </SimpleGrid>
      </Collapse>
    </Box>
  );
}

const whyFixed = (module: Module, first: string, permission: string) =>
  module.module === first && permission === module.view ? 'Every role sees keys.' : null;

/** Nobody gives what they do not hold. */
function whyNotMine(mine: readonly string[], wanted: readonly string[]): string | null {
  const missing = wanted.find((permission) => !mine.includes(permission));
  return missing === undefined ? null : `You do not hold ${missing} here yourself, so you cannot give or take it.`;
}

type SwitchProps = {
  module: Module;
  level: Level;
  levels: Level[];
  mine: readonly string[];
  why: string | null;
  change: (level: Level) => void;
};

function LevelSwitch({ module, level, levels, mine, why, change }: SwitchProps) {
  const whole = whyNotMine(mine, [module.view, ...operationsOf(module)]);
  const reason = why ?? whyNotMine(mine, [module.view]) ?? whole;
  return (
    <Tooltip label={reason} disabled={reason === null} events={{ hover: true, focus: true, touch: true }}>
      <Box w={{ base: '100%', xs: 'auto' }}>
        <SegmentedControl
          fullWidth
          aria-label={`${module.title}: level`}
          data={levels.map((value) => ({
            value,
            label: LEVELS[value],
            disabled: why !== null || (value !== level && value === 'all' && whole !== null),
          }))}
          disabled={why !== null}
          value={level}
          onChange={(next) => change(next as Level)}
        />
      </Box>
    </Tooltip>
  );
}

type PermissionProps = { name: string; title: string; isOn: boolean; why: string | null; toggle: () => void };

function Permission({ name, title, isOn, why, toggle }: PermissionProps) {
  const box = (
    <Checkbox
      label={<Mono>{name}</Mono>}
      description={title}
      checked={isOn}
      aria-disabled={why !== null}
      readOnly={why !== null}
      onChange={why === null ? toggle : () => {}}
      styles={{ input: { opacity: why === null ? 1 : 0.6 }, label: { overflowWrap: 'anywhere' } }}
    />
  );
  if (why === null) return box;
  return (
    <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
      <Box>{box}</Box>
    </Tooltip>
  );
}
