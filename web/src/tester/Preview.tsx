// The request that the gateway will see, with the value's place left open.
import { Box, Text } from '@mantine/core';
import type { Key } from '../api/nouns';
import { endpointsOf, type Api } from '../key/endpoint';
import { asksForSecret, SECRET_HEADER } from '../key/secret';
import { CodeBlock } from '../ui/code';
import { hasBody, type CallDraft } from './call';

type PreviewProps = { apiKey: Key; api: Api; network: string | null; draft: CallDraft };

export function Preview({ apiKey, api, network, draft }: PreviewProps) {
  const endpoint = endpointsOf(apiKey, api).find((one) => one.network === network);
  if (!endpoint) return null;
  const header = endpoint.place === 'path' ? [] : [`${endpoint.place.header}: {your value}`];
  const secret = asksForSecret(apiKey) ? [`${SECRET_HEADER}: {its secret}`] : [];
  const url = endpoint.url.replace('{key}', '{your value}');
  const rpc = api.protocol === 'json-rpc';
  const first = rpc ? `POST ${url}` : `${draft.verb} ${url.replace(/\/$/, '')}${draft.path}`;
  const body = rpc
    ? [`{"jsonrpc":"2.0","id":1,"method":${JSON.stringify(draft.method)},"params":${draft.params.trim() || '[]'}}`]
    : hasBody(draft.verb) && draft.body
      ? [draft.body]
      : [];
  return (
    <Box>
      <Text fz={12.5} fw={560} mb={3}>
        Request
      </Text>
      <CodeBlock text={[first, ...header, ...secret, ...body].join('\n')} label="Request" mah={180} />
    </Box>
  );
}
