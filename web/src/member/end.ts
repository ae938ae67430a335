// When a seat ends by itself: as a field of a form, and in words.
import { dayAndClock, spanWords } from '../ui/time';

/** From here on the table says that a seat ends. */
const SOON_MS = 30 * 86_400_000;

const two = (figure: number) => String(figure).padStart(2, '0');

/** A moment of the API as a field for day and time takes it, in the reader's zone; empty for none. */
export function fieldOf(at: string | null): string {
  if (at === null) return '';
  const then = new Date(at);
  const date = `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  return `${date}T${two(then.getHours())}:${two(then.getMinutes())}`;
}

/** What the field says, as the API takes it. */
export const momentOf = (field: string): string | null => (field === '' ? null : new Date(field).toISOString());

/** What can be said before the server is asked. */
export function endProblem(field: string, now: number): string | null {
  return field !== '' && Date.parse(field) <= now ? 'This moment is over; choose a later one.' : null;
}

/** ends in 3 days, ends in 2 h 5 min; nothing while it is far away or over. */
export function endSoon(at: string | null, now: number): string | null {
  const left = at === null ? Infinity : Date.parse(at) - now;
  return left > 0 && left <= SOON_MS ? `ends in ${spanWords(left)}` : null;
}

/** In 13 days, 5 Dec, 12:00; ended 17 Nov, 19:39. */
export function endWords(at: string, now: number): string {
  const left = Date.parse(at) - now;
  return left > 0 ? `in ${spanWords(left)}, ${dayAndClock(at, now)}` : `ended ${dayAndClock(at, now)}`;
}
