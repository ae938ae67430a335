// What went well, what was refused, and what to know: inside the page, or as a note at its edge.
import { Box, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { problemOf } from '../api/client';

type Kind = 'good' | 'info' | 'warn' | 'bad';

const look = {
  good: { name: 'good', Icon: IconCircleCheck },
  info: { name: 'allowed', Icon: IconInfoCircle },
  warn: { name: 'observed', Icon: IconAlertTriangle },
  bad: { name: 'denied', Icon: IconAlertTriangle },
} as const;

/** One sentence on a wash, with an icon, so that colour does not stand alone. */
export function Notice({ kind = 'info', children }: { kind?: Kind; children: ReactNode }) {
  const { name, Icon } = look[kind];
  return (
    <Box px={12} py={9} bdrs="md" bg={`var(--kw-${name}-wash)`} c={`var(--kw-${name}-text)`} role={kind === 'bad' ? 'alert' : undefined}>
      <Group gap={10} wrap="nowrap" align="flex-start">
        <Icon size={17} style={{ flex: 'none', marginTop: 1 }} aria-hidden />
        <Text component="div" size="sm" miw={0} style={{ overflowWrap: 'anywhere' }}>
          {children}
        </Text>
      </Group>
    </Box>
  );
}

/** A refusal of the API: what, and what to do about it. Nothing at all without an error. */
export function Refused({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const { detail, hint } = problemOf(error);
  return (
    <Notice kind="bad">
      <b>{detail}</b> {hint}
    </Notice>
  );
}

export const note = {
  /** Says what was done; `undo` is offered where that is safe. */
  done(message: string, undo?: { label: string; run: () => void }) {
    const id = notifications.show({
      color: 'jade',
      icon: <IconCircleCheck size={18} />,
      autoClose: undo ? 10_000 : 5_000,
      closeButtonProps: { 'aria-label': 'Close' },
      message: undo ? (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{message}</Text>
          <Button
            variant="subtle"
            style={{ flex: 'none' }}
            onClick={() => {
              notifications.hide(id);
              undo.run();
            }}
          >
            {undo.label}
          </Button>
        </Group>
      ) : (
        message
      ),
    });
  },
  refused(error: unknown) {
    const { detail, hint } = problemOf(error);
    notifications.show({
      color: 'vermilion',
      icon: <IconAlertTriangle size={18} />,
      autoClose: 10_000,
      title: detail,
      message: hint,
      closeButtonProps: { 'aria-label': 'Close' },
    });
  },
};
