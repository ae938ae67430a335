// Who uses a key: its holder, or the members who drew a value of a shared one; where there is none, the way to draw it.
import { Group, Text, Tooltip } from '@mantine/core';
import type { Key, Ref } from '../api/nouns';
import { paths } from '../paths';
import { Face } from '../ui/face';
import { TextLink } from '../ui/links';
import { useNow } from '../ui/now';
import { openValues } from './state';

const MOST_FACES = 4;

/** The holder of an own key; of a shared one everybody with a value that works, the account's own as "Service". */
function holdersOf(key: Key, now: number): Ref[] {
  if (key.sharing === 'own') return key.holder ? [key.holder] : [];
  const refs = openValues(key, now).map((value) => value.member ?? { id: '', name: 'Service' });
  return [...new Map(refs.map((ref) => [ref.id, ref])).values()];
}

export function Holders({ apiKey, short = false }: { apiKey: Key; short?: boolean }) {
  const holders = holdersOf(apiKey, useNow());
  const [first] = holders;
  if (!first && apiKey.sharing === 'shared' && apiKey.can.draw.allowed) {
    return (
      <TextLink to={paths.keyValues} params={{ key: apiKey.id }} search={{ draw: '1' }} size="sm">
        Draw a value…
      </TextLink>
    );
  }
  if (!first)
    return (
      <Text span size="sm" c="dimmed">
        —
      </Text>
    );
  if (holders.length === 1 && !short) {
    return (
      <Group gap={8} wrap="nowrap">
        <Face id={first.id || null} name={first.name} size={22} />
        <Text size="sm" truncate>
          {first.name}
        </Text>
      </Group>
    );
  }
  const all = holders.map(({ name }) => name).join(', ');
  return (
    <Tooltip label={all}>
      <Group gap={3} w="fit-content" wrap="nowrap" role="img" aria-label={all}>
        {holders.slice(0, MOST_FACES).map(({ id, name }) => (
          <Face key={id} id={id || null} name={name} size={22} />
        ))}
        {holders.length > MOST_FACES && (
          <Text span size="xs" c="dimmed" ml={3}>
            +{holders.length - MOST_FACES}
          </Text>
        )}
      </Group>
    </Tooltip>
  );
}
