// A value just drawn: shown this once, with snippets that work as they are.
import { Divider, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { NewValue } from '../api/nouns';
import { ShownOnce } from '../ui/shown-once';
import { Snippets } from '../ui/snippets';
import { byApi } from './valueSnippets';

type Props = { value: NewValue; onStored(): void };

export function NewValuePanel({ value, onStored }: Props) {
  return (
    <ShownOnce text={value.value} label="value" onStored={onStored}>
      <TryIt value={value} />
    </ShownOnce>
  );
}

/** Programs that call with the value, for one API at a time. */
function TryIt({ value }: { value: NewValue }) {
  const apis = byApi(value.snippets);
  const [chosen, choose] = useState(apis[0]?.api);
  const shown = apis.find(({ api }) => api === chosen);
  if (!shown) return null;
  return (
    <>
      <Divider label="Try it" labelPosition="left" />
      {apis.length > 1 && (
        <SegmentedControl
          aria-label="API"
          w="fit-content"
          data={apis.map(({ api }) => api)}
          value={shown.api}
          onChange={choose}
        />
      )}
      <Snippets key={shown.api} snippets={shown.snippets} />
    </>
  );
}
