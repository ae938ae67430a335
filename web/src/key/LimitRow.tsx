// One limit as a line of its form: a figure, of what, in which span, and for a quota how much of it is used.
import { ActionIcon, Box, Group, NumberInput, Progress, Select, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { isLow, shareUsed } from '../account/usage';
import type { Metric, Usage } from '../api/nouns';
import { int, percent } from '../ui/format';
import { useNow } from '../ui/now';
import { dayAndClock } from '../ui/time';
import { Why } from '../ui/why';
import { SPANS, type LimitFlaw, type QuotaLine, type RateLine, type Span } from './limits';

/** Exact in every browser; larger limits come from the command line only. */
const MOST = Number.MAX_SAFE_INTEGER;
const MOST_DAYS = 3_660;
const METRICS = ['requests', 'credits'];

type RowProps<Line> = {
  line: Line;
  flaw: LimitFlaw | null;
  why: string | null;
  change: (line: Line) => void;
  remove: () => void;
};

export function QuotaRow({ line, usage, flaw, why, change, remove }: RowProps<QuotaLine> & { usage: Usage | null }) {
  const { limit, metric, span, days } = line;
  const name = `${metric} ${SPANS.find(({ value }) => value === span)?.label}`;
  return (
    <Row
      name={name}
      kind="Quota"
      line={line}
      flaw={flaw}
      why={why}
      change={change}
      remove={remove}
      below={usage && <UsageLine usage={usage} next={Number(limit)} name={name} />}
    >
      <Select
        aria-label="Window of the quota"
        w={130}
        disabled={why !== null}
        allowDeselect={false}
        data={SPANS}
        value={span}
        error={flaw?.input === 'span' && span !== 'days' ? flaw.detail : null}
        onChange={(next) => next && change({ ...line, span: next as Span })}
      />
      {span === 'days' && (
        <NumberInput
          aria-label="Days of the window"
          w={90}
          min={1}
          max={MOST_DAYS}
          allowDecimal={false}
          allowNegative={false}
          disabled={why !== null}
          value={days}
          error={flaw?.input === 'span' ? flaw.detail : null}
          onChange={(next) => change({ ...line, days: next })}
        />
      )}
    </Row>
  );
}

export function RateRow({ line, flaw, why, change, remove }: RowProps<RateLine>) {
  const { metric, per } = line;
  return (
    <Row name={`${metric} a ${per}`} kind="Rate" line={line} flaw={flaw} why={why} change={change} remove={remove}>
      <Select
        aria-label="Span of the rate"
        w={130}
        disabled={why !== null}
        allowDeselect={false}
        data={[
          { value: 'second', label: 'a second' },
          { value: 'minute', label: 'a minute' },
        ]}
        value={per}
        error={flaw?.input === 'span' ? flaw.detail : null}
        onChange={(next) => next && change({ ...line, per: next as RateLine['per'] })}
      />
    </Row>
  );
}

type FrameProps<Line> = RowProps<Line> & { name: string; kind: string; below?: ReactNode; children: ReactNode };

function Row<Line extends { limit: number | string; metric: Metric }>(props: FrameProps<Line>) {
  const { name, kind, line, flaw, why, change, remove, below, children } = props;
  return (
    <Box px="lg" py={7}>
      <Group gap="xs" align="flex-start">
        <NumberInput
          aria-label={`${kind}: figure`}
          flex={1}
          miw={120}
          maw={220}
          min={1}
          max={MOST}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          disabled={why !== null}
          value={line.limit}
          error={flaw?.input === 'limit' ? flaw.detail : null}
          onChange={(limit) => change({ ...line, limit })}
        />
        <Select
          aria-label={`${kind}: counts`}
          w={120}
          disabled={why !== null}
          allowDeselect={false}
          data={METRICS}
          value={line.metric}
          onChange={(metric) => metric && change({ ...line, metric: metric as Metric })}
        />
        {children}
        <Why why={why}>
          <ActionIcon aria-label={`Take the limit on ${name} away`} size={32} onClick={remove}>
            <IconX size={15} />
          </ActionIcon>
        </Why>
      </Group>
      {below}
    </Box>
  );
}

/** What is used in the running window; a lower limit waits for the next one, and that is said. */
function UsageLine({ usage, next, name }: { usage: Usage; next: number; name: string }) {
  const now = useNow();
  const { used, limit, period, window_end } = usage;
  const share = percent(used, limit);
  const reset = period === 'lifetime' ? 'never reset' : `reset ${dayAndClock(window_end, now)}`;
  const lower = next > 0 && next < limit ? `; ${int(next)} from then on` : '';
  return (
    <Box mt={6} maw={570}>
      <Progress
        value={Math.min(100, shareUsed(usage) * 100)}
        size={4}
        color={isLow(usage) ? 'var(--kw-observed)' : 'var(--kw-allowed)'}
        aria-label={`${name}: ${share} used`}
      />
      <Text size="xs" c="dimmed" mt={3}>
        {int(used)} of {int(limit)} used ({share}), {reset}
        {lower}
      </Text>
    </Box>
  );
}
