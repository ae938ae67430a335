// The APIs that a key opens, as tags; without a list it opens all of them.
import { Group } from '@mantine/core';
import { useInstance } from '../account/query';
import type { Key } from '../api/nouns';
import { ApiTag } from '../ui/api';

export function KeyApis({ apiKey }: { apiKey: Key }) {
  const titles = new Map(useInstance().data?.apis.map((api) => [api.name, api.title]));
  const names = apiKey.apis.length === 0 ? ['Every API'] : apiKey.apis.map((name) => titles.get(name) ?? name);
  return (
    <Group gap={4} wrap="nowrap">
      {names.map((name) => (
        <ApiTag key={name} name={name} />
      ))}
    </Group>
  );
}
