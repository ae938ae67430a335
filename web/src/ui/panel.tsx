// The only container: white, a hairline, no shadow. `flush` lets a table touch the edges.
import { Box, Card, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type PanelProps = {
  title?: ReactNode;
  /** Grey, beside the title. */
  hint?: ReactNode;
  actions?: ReactNode;
  footer?: ReactNode;
  flush?: boolean;
  h?: string;
  children: ReactNode;
};

const column = { display: 'flex', flexDirection: 'column' } as const;

export function Panel({ title, hint, actions, footer, flush, h, children }: PanelProps) {
  return (
    <Card h={h} pt={title ? 'sm' : undefined} style={column}>
      {title && (
        <Group justify="space-between" mih={34} mb={flush ? 6 : 10} gap="xs">
          <Group gap={10} align="baseline">
            <Title order={2}>{title}</Title>
            {hint && (
              <Text size="sm" c="dimmed">
                {hint}
              </Text>
            )}
          </Group>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      {flush ? (
        // Directly in the card: only so does it reach the card's edges.
        <Card.Section flex={1} withBorder={Boolean(title)} style={{ overflow: 'hidden', borderBottom: 0 }}>
          {children}
        </Card.Section>
      ) : (
        <Box flex={1} style={column}>
          {children}
        </Box>
      )}
      {footer && (
        <Card.Section withBorder inheritPadding py={10} mt={flush ? 0 : 'md'}>
          {footer}
        </Card.Section>
      )}
    </Card>
  );
}
