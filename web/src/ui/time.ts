// Times in words: the reader's zone and a 24 hour clock; UTC for the tooltip.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const twoDigits = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const clockFormat = new Intl.DateTimeFormat('en-GB', twoDigits);
const secondsFormat = new Intl.DateTimeFormat('en-GB', { ...twoDigits, second: '2-digit', fractionalSecondDigits: 3 });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const yearFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const utcFormat = new Intl.DateTimeFormat('en-GB', {
  ...twoDigits,
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  second: '2-digit',
  timeZone: 'UTC',
});

/** 19:39 */
export const clock = (at: string) => clockFormat.format(new Date(at));
/** 19:39:58.012 */
export const clockWithMillis = (at: string) => secondsFormat.format(new Date(at));
/** 17 Nov, with the year if it is another one */
export function day(at: string, now: number): string {
  const then = new Date(at);
  return then.getFullYear() === new Date(now).getFullYear() ? dayFormat.format(then) : yearFormat.format(then);
}
/** 17 Nov 2026, 18:39:58 UTC */
export const utc = (at: string) => `${utcFormat.format(new Date(at))} UTC`;

/** 19:39 today, 17 Nov, 19:39 on another day */
export function dayAndClock(at: string, now: number): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return today ? clock(at) : `${day(at, now)}, ${clock(at)}`;
}

/** now, 4 min ago, 3 h ago, 17 Nov; in 4 min, in 3 h for what comes. */
export function relative(at: string, now: number): string {
  const away = now - Date.parse(at);
  const span = Math.abs(away);
  if (span >= DAY) return away > 0 ? day(at, now) : dayAndClock(at, now);
  if (span < MINUTE) return 'now';
  const words = span < HOUR ? `${Math.floor(span / MINUTE)} min` : `${Math.floor(span / HOUR)} h`;
  return away > 0 ? `${words} ago` : `in ${words}`;
}

/** 13 days, 2 h 28 min, 4 min: the time between two moments, in the two largest units that matter. */
export function spanWords(millis: number): string {
  if (millis >= 2 * DAY) return `${Math.floor(millis / DAY)} days`;
  const hours = Math.floor(millis / HOUR);
  const minutes = Math.max(hours > 0 ? 0 : 1, Math.floor((millis % HOUR) / MINUTE));
  if (hours === 0) return `${minutes} min`;
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
}
