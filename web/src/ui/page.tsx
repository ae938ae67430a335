// The frame of every page: a title, one sentence that says how things stand, actions at the right, tabs.
import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useArrival } from './arrival';

type PageProps = {
  title: string;
  /** A mark, a breadcrumb or a status before or after the title. */
  above?: ReactNode;
  beside?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  tabs?: ReactNode;
  children: ReactNode;
};

export function Page({ title, above, beside, lead, actions, tabs, children }: PageProps) {
  useDocumentTitle(`${title} · Keyward`);
  const heading = useArrival(title);
  return (
    <Box maw="var(--kw-main-width)" mx="auto">
      <Group justify="space-between" align="flex-end" mb={tabs ? 'xs' : 'lg'} gap="sm">
        <Stack gap={3} miw={0}>
          {above}
          <Group gap="sm" align="center">
            <Title
              order={1}
              ref={heading}
              tabIndex={-1}
              lts="-0.015em"
              style={{ overflowWrap: 'anywhere', outline: 'none' }}
            >
              {title}
            </Title>
            {beside}
          </Group>
          {lead !== undefined && (
            <Text component="div" size="md" c="dimmed" mih={21}>
              {lead}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {tabs && <Box mb="md">{tabs}</Box>}
      <Stack gap="md">{children}</Stack>
    </Box>
  );
}
