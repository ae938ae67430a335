// The frame of the pages for who is not signed in: the mark, one card, and where else to go.
import { Box, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useInstance } from '../account/query';
import { Wordmark } from '../ui/brand';
import { SchemeSwitch } from './SchemeSwitch';
import classes from './outside.module.css';

type OutsideProps = { title: string; lead?: ReactNode; foot?: ReactNode; wide?: boolean; children?: ReactNode };

export function Outside({ title, lead, foot, wide, children }: OutsideProps) {
  useDocumentTitle(`${title} · Keyward`);
  return (
    <Box className={classes.ground}>
      <Group component="header" justify="space-between" px="lg" py="md">
        <Wordmark />
        <SchemeSwitch />
      </Group>
      <Box component="main" className={classes.main} maw={wide ? 620 : 420}>
        <Card padding={28} className={classes.card}>
          <Stack gap={4} mb={children ? 'lg' : 0}>
            <Title order={1} fz={21} lts="-0.015em">
              {title}
            </Title>
            {lead && (
              <Text component="div" size="md" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {lead}
              </Text>
            )}
          </Stack>
          {children}
        </Card>
        {foot && (
          <Text component="div" size="sm" c="dimmed" mt="md" px={28}>
            {foot}
          </Text>
        )}
      </Box>
      <Version />
    </Box>
  );
}

function Version() {
  const { data } = useInstance();
  return (
    <Text component="footer" size="xs" c="dimmed" px="lg" py="md" mih={48}>
      {data && `Keyward ${data.version}`}
    </Text>
  );
}
