// One call looked into without losing the list: the verdict, what one can do about it, the decision, the facts.
import { Box, Button, Divider, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconFilter, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { RequestRow } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { paths } from '../paths';
import { ButtonLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { OutcomeMark } from '../ui/outcome';
import { useUrl } from '../ui/url';
import { CallFacts } from './CallFacts';
import { Decision } from './Decision';
import type { RequestFilter } from './filter';
import { requestQuery } from './query';
import { sentenceOf, verdictOf } from './verdict';

type DrawerProps = { calls: readonly RequestRow[]; filter: RequestFilter; onFilter: (filter: RequestFilter) => void };

/** `?call=` names the request, `&row=` the call in its batch. Known rows are shown at once and then asked for anew. */
export function CallDrawer({ calls, filter, onFilter }: DrawerProps) {
  const [{ call: id, row }, change] = useUrl();
  const account = useAccountId();
  const close = () => change({ call: undefined, row: undefined });
  const is = (call: RequestRow) => call.id === id && (row === undefined || call.row === row);
  const asked = useQuery({ ...requestQuery(account, id ?? ''), enabled: id !== undefined });
  const call = asked.data?.requests.find(is) ?? calls.find(is);
  const narrow = (part: RequestFilter) => {
    onFilter({ ...filter, ...part });
    close();
  };
  return (
    <Drawer opened={id !== undefined} onClose={close} title={call ? <DrawerTitle call={call} /> : 'Call'}>
      {call && (
        <Stack gap="md">
          <VerdictBox call={call} narrow={narrow} />
          {call.steps.length > 0 && <Decision steps={call.steps} />}
          <Divider color="var(--kw-hairline)" />
          <CallFacts call={call} />
        </Stack>
      )}
      {!call && !asked.error && (
        <Stack gap="md">
          <Skeleton h={92} />
          <Skeleton h={180} />
          <Skeleton h={220} />
        </Stack>
      )}
      {!call && <Refused error={asked.error} />}
    </Drawer>
  );
}

function DrawerTitle({ call }: { call: RequestRow }) {
  return (
    <Group gap={8} wrap="nowrap" component="span" display="inline-flex">
      <OutcomeMark outcome={verdictOf(call)} size={20} />
      <Text span ff="monospace" fz={15} fw={600} style={{ overflowWrap: 'anywhere' }}>
        {call.method}
      </Text>
    </Group>
  );
}

const tones = { denied: 'denied', failed: 'observed', observed: 'observed', open: 'allowed', allowed: 'allowed' } as const;

function VerdictBox({ call, narrow }: { call: RequestRow; narrow: (part: RequestFilter) => void }) {
  const verdict = verdictOf(call);
  const tone = tones[verdict];
  return (
    <Box p="sm" bdrs="md" bg={`var(--kw-${tone}-wash)`} c={`var(--kw-${tone}-text)`}>
      <Text size="sm" fw={600}>
        {sentenceOf(call)}
      </Text>
      <Group gap="xs" mt="sm">
        <ButtonLink
          to={paths.tester}
          search={{ replay: call.id, row: call.batch ? call.row : undefined }}
          variant="default"
          leftSection={<IconPlayerPlay size={15} />}
        >
          Replay in tester
        </ButtonLink>
        {call.denial && (
          <Button
            variant="default"
            leftSection={<IconFilter size={15} />}
            onClick={() => narrow({ denial: call.denial ?? undefined, key: call.key.id })}
          >
            All like it
          </Button>
        )}
      </Group>
    </Box>
  );
}
