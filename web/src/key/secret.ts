// A key's secret, which calls bring beside a value.
import type { Key } from '../api/nouns';

/** Where calls bring it. */
export const SECRET_HEADER = 'x-api-secret';

/** Whether calls without it are denied. */
export const asksForSecret = ({ secret }: Pick<Key, 'secret'>) => !!secret?.required_at;
