// The fields of a call: verb, path and body, or method and parameters.
import { Autocomplete, Group, Select, Textarea, TextInput } from '@mantine/core';
import { exampleOf, type Api } from '../key/endpoint';
import { hasBody, VERBS, type CallDraft } from './call';

type FieldsProps = {
  draft: CallDraft;
  onDraft: (draft: CallDraft) => void;
  flaws: Partial<Record<keyof CallDraft, string>>;
};

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } };

export function RestFields({ draft, onDraft, flaws }: FieldsProps) {
  return (
    <>
      <Group align="start" gap="sm" wrap="nowrap">
        <Select
          label="Verb"
          w={104}
          flex="none"
          data={[...VERBS]}
          value={draft.verb}
          onChange={(verb) => onDraft({ ...draft, verb: verb ?? 'GET' })}
          styles={mono}
        />
        <TextInput
          label="Path"
          flex={1}
          placeholder="/leagues?id=39"
          value={draft.path}
          error={flaws.path}
          onChange={(event) => onDraft({ ...draft, path: event.currentTarget.value.trim() })}
          styles={mono}
          spellCheck={false}
        />
      </Group>
      {hasBody(draft.verb) && (
        <Textarea
          label="Body"
          placeholder="{ }"
          autosize
          minRows={4}
          maxRows={12}
          value={draft.body}
          error={flaws.body}
          onChange={(event) => onDraft({ ...draft, body: event.currentTarget.value })}
          styles={mono}
          spellCheck={false}
        />
      )}
    </>
  );
}

export function RpcFields({ api, draft, onDraft, flaws }: FieldsProps & { api: Api }) {
  const example = exampleOf(api);
  return (
    <>
      <Autocomplete
        label="Method"
        size="xs"
        data={'method' in example ? [example.method] : []}
        value={draft.method}
        error={flaws.method}
        onChange={(method) => onDraft({ ...draft, method })}
        styles={mono}
        spellCheck={false}
      />
      <Textarea
        label="Parameters"
        description="A JSON list"
        placeholder="[]"
        autosize
        minRows={4}
        maxRows={14}
        value={draft.params}
        error={flaws.params}
        onChange={(event) => onDraft({ ...draft, params: event.currentTarget.value })}
        styles={mono}
        spellCheck={false}
      />
    </>
  );
}
