// The run-out clock: what was used (solid), the pace ahead (dashed), the limit, now, and the moment it ends.
import { Box, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { figure } from '../ui/format';
import { showsClock, ticks } from '../ui/ticks';
import { clock, day } from '../ui/time';
import type { Burn, Point } from './burn';

const TOP = 20;
const HEIGHT = 92;
const BOTTOM = TOP + HEIGHT;
const AXIS = 22;
/** The limit stands this much below the upper edge. */
const HEADROOM = 1.12;
/** Two labels closer than this, in pixels, would touch. */
const LABEL_ROOM = 46;
const TICK_ROOM = 74;
/** In a window younger than this part, the curve is where the limit's name would be. */
const YOUNG = 0.3;

/** Pixels for moments and amounts. */
type Scale = { width: number; x: (at: number) => number; y: (used: number) => number };

export function BurnChart({ burn, label }: { burn: Burn; label: string }) {
  const { ref, width } = useElementSize();
  const top = burn.limit * HEADROOM;
  const scale = {
    width,
    x: (at: number) => ((at - burn.start) / (burn.end - burn.start)) * width,
    y: (used: number) => TOP + HEIGHT * (1 - Math.min(used, top) / top),
  };
  return (
    <Box ref={ref} component="figure" m={0} pos="relative" h={BOTTOM + AXIS} role="img" aria-label={label}>
      {width > 0 && (
        <>
          <Curve burn={burn} scale={scale} />
          <Words burn={burn} scale={scale} />
        </>
      )}
    </Box>
  );
}

function Curve({ burn, scale: { width, x, y } }: { burn: Burn; scale: Scale }) {
  const { now, limit, past, runsOut } = burn;
  const ahead = clip(burn.ahead, limit * HEADROOM);
  const tone = runsOut ? 'var(--kw-denied)' : 'var(--kw-failed)';
  const line = (points: Point[]) =>
    points.map(({ at, used }, i) => `${i ? 'L' : 'M'}${x(at).toFixed(1)},${y(used).toFixed(1)}`).join('');
  const foot = (point: Point | undefined) => `L${x(point?.at ?? now).toFixed(1)},${BOTTOM}`;
  const area = (points: Point[]) => `${line(points)}${foot(points.at(-1))}${foot(points[0])}Z`;
  const upright = (at: number) => ({ x1: x(at), x2: x(at), y1: TOP - 2, y2: BOTTOM });
  const level = (height: number) => ({ x1: 0, x2: width, y1: height, y2: height });
  return (
    <svg width={width} height={BOTTOM + 1} aria-hidden style={{ display: 'block', overflow: 'visible' }}>
      <path d={area(past)} fill="var(--kw-allowed)" opacity={0.12} />
      <path d={area(ahead)} fill={tone} opacity={0.1} />
      <line {...level(y(limit))} stroke="var(--mantine-color-dimmed)" />
      <path d={line(past)} fill="none" stroke="var(--kw-allowed)" strokeWidth={2} strokeLinejoin="round" />
      <path d={line(ahead)} fill="none" stroke={tone} strokeWidth={2} strokeDasharray="4 4" />
      <line {...upright(now)} stroke="var(--mantine-color-dimmed)" strokeWidth={0.7} />
      {runsOut && <line {...upright(runsOut)} stroke="var(--kw-denied)" />}
      <line {...level(BOTTOM)} stroke="var(--kw-hairline)" />
    </svg>
  );
}

function Words({ burn: { start, now, end, limit, runsOut }, scale: { width, x, y } }: { burn: Burn; scale: Scale }) {
  const word = (at: number) => (showsClock(start, end) ? clock(iso(at)) : day(iso(at), now));
  const young = x(now) < width * YOUNG;
  const crowded = runsOut !== null && x(runsOut) - x(now) < LABEL_ROOM;
  return (
    <>
      <Label at={young ? width - 2 : 6} width={width} y={y(limit) + 3} align={young ? 'end' : 'start'}>
        limit {figure(limit)}
      </Label>
      {!crowded && (
        <Label at={x(now)} width={width} y={0}>
          now
        </Label>
      )}
      {runsOut && (
        <Label at={x(runsOut)} width={width} y={0} color="var(--kw-denied-text)">
          {word(runsOut)}
        </Label>
      )}
      {ticks(start, end, Math.max(2, Math.floor(width / TICK_ROOM))).map((at) => (
        <Label key={at} at={x(at)} width={width} y={BOTTOM + 4}>
          {word(at)}
        </Label>
      ))}
    </>
  );
}

const iso = (at: number) => new Date(at).toISOString();

/** The pace ahead, cut where it leaves the picture at the top. */
function clip([from, to]: Point[], top: number): Point[] {
  if (!from || !to) return [];
  if (to.used <= top || to.used <= from.used) return [from, to];
  const share = Math.max(0, (top - from.used) / (to.used - from.used));
  return [from, { at: from.at + share * (to.at - from.at), used: top }];
}

type LabelProps = {
  at: number;
  y: number;
  width: number;
  color?: string;
  align?: 'start' | 'end';
  children: ReactNode;
};

/** A word above or below a point, kept inside the picture. */
function Label({ at, y, width, color = 'dimmed', align, children }: LabelProps) {
  const shift = align ? (align === 'start' ? '0' : '-100%') : at < 24 ? '0' : at > width - 24 ? '-100%' : '-50%';
  return (
    <Text
      span
      aria-hidden
      pos="absolute"
      fz={11.5}
      lh={1.3}
      c={color}
      left={at < 24 && !align ? 0 : Math.min(at, width)}
      top={y}
      style={{ transform: `translateX(${shift})`, whiteSpace: 'nowrap' }}
    >
      {children}
    </Text>
  );
}
