// An empty table says why it is empty and what to do next.
import { Stack, Text, ThemeIcon } from '@mantine/core';
import type { ReactNode } from 'react';

type EmptyProps = { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode };

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <ThemeIcon size={40} radius="lg" variant="light" mb={4}>
        {icon}
      </ThemeIcon>
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" maw={380} mb={action ? 'xs' : 0}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}
