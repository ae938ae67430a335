// A secret just drawn: shown this once, in a dialog that cannot be closed by accident.
import { Modal, Text } from '@mantine/core';
import { CodeBlock } from '../ui/code';
import { ShownOnce } from '../ui/shown-once';
import { SECRET_HEADER } from './secret';

type Props = { keyName: string; secret: string | null; onStored: () => void };

export function SecretDialog({ keyName, secret, onStored }: Props) {
  return (
    <Modal
      opened={secret !== null}
      onClose={() => undefined}
      title={`The secret of ${keyName}`}
      size={620}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {secret !== null && (
        <ShownOnce text={secret} label="secret" onStored={onStored}>
          <Text size="sm">Every call brings it beside its value: in a header, or as a password without a name.</Text>
          <CodeBlock
            label="how a call brings the secret"
            text={`curl -H '${SECRET_HEADER}: ${secret}' …\ncurl -u ':${secret}' …`}
          />
        </ShownOnce>
      )}
    </Modal>
  );
}
