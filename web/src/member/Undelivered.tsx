// Why nobody got an invitation, in the mail server's words; nothing where it took the mail.
import { Text } from '@mantine/core';

type UndeliveredProps = { refused: string | null | undefined };

export function Undelivered({ refused }: UndeliveredProps) {
  return (
    refused && (
      <Text size="xs" c="var(--kw-denied-text)" style={{ overflowWrap: 'anywhere' }}>
        Nobody got the invitation: {refused}
      </Text>
    )
  );
}
