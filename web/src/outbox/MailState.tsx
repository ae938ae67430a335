// What became of a mail.
import { Group, Stack, Text } from '@mantine/core';
import type { Mail } from '../api/nouns';
import { Status, type Tone } from '../ui/status';
import { When } from '../ui/when';

const STATES: Record<Mail['state'], [Tone, string]> = {
  waiting: ['info', 'Waiting'],
  sent: ['good', 'Sent'],
  failed: ['bad', 'Failed'],
};

export function MailState({ mail }: { mail: Mail }) {
  // Words are here only without a mail server: then a mail does not wait for anything, it is read here.
  const kept = mail.text !== null && mail.state === 'waiting';
  const [tone, word] = kept ? (['info', 'To be read here'] as const) : STATES[mail.state];
  return (
    <Stack gap={0}>
      <Group>
        <Status tone={tone}>{word}</Status>
      </Group>
      {mail.state === 'waiting' && !kept && mail.attempts > 0 && (
        <Text size="xs" c="dimmed">
          again <When at={mail.next_at} />
        </Text>
      )}
    </Stack>
  );
}
