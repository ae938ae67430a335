// The log on a phone: each call is a tile of two lines.
import { Box, Button, Group, Text, UnstyledButton } from '@mantine/core';
import type { RequestRow } from '../api/nouns';
import { Mono } from '../ui/mono';
import { OutcomeMark } from '../ui/outcome';
import { clockWithMillis, utc } from '../ui/time';
import { Charge } from './Charge';
import { verdictOf, wordOf, type Verdict } from './verdict';

type TilesProps = { calls: readonly RequestRow[]; open: (call: RequestRow) => void; more: (() => void) | null };

/** The browser skips drawing tiles outside the view; the list grows by the button at its end. */
const unseen = { contentVisibility: 'auto', containIntrinsicSize: 'auto 58px' } as const;

export function CallTiles({ calls, open, more }: TilesProps) {
  return (
    <>
      {calls.map((call, i) => (
        <UnstyledButton
          key={call.row}
          onClick={() => open(call)}
          display="block"
          w="100%"
          px="md"
          py={9}
          style={{ borderTop: i ? '1px solid var(--kw-hairline)' : undefined, ...unseen }}
        >
          <Tile call={call} />
        </UnstyledButton>
      ))}
      {more && (
        <Box p="sm">
          <Button variant="default" fullWidth onClick={more}>
            Show older calls
          </Button>
        </Box>
      )}
    </>
  );
}

const colours: Partial<Record<Verdict, string>> = {
  denied: 'var(--kw-denied-text)',
  observed: 'var(--kw-observed-text)',
};

function Tile({ call }: { call: RequestRow }) {
  const verdict = verdictOf(call);
  const who = call.member?.name ?? 'Service';
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Group gap={8} wrap="nowrap" miw={0}>
          <OutcomeMark outcome={verdict} />
          <Mono fz={12.5} truncate>
            {call.method}
          </Mono>
        </Group>
        <Text span size="xs" c="dimmed" title={utc(call.time)}>
          {clockWithMillis(call.time).slice(0, 8)}
        </Text>
      </Group>
      <Group justify="space-between" wrap="nowrap" mt={3} ps={24}>
        <Text span size="xs" c={colours[verdict] ?? 'dimmed'} truncate>
          {call.denial || verdict === 'observed' ? `${wordOf(call)}, ${who}` : `${who}, ${call.key.name}`}
        </Text>
        <Box c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <Charge call={call} size="xs" />
        </Box>
      </Group>
    </>
  );
}
