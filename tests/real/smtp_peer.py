"""A real SMTP server (aiosmtpd) that keeps no mail: it tells its reader what came, and misbehaves when asked to.

`smtp_peer.py [--port N] [--refuse ADDRESS]... [--busy N] [--hang] [--certificate FILE --key FILE [--tls]] [--login NAME
--password TEXT]` listens on 127.0.0.1 and prints lines of JSON:
first `{"port": N}`, then one for each mail it takes, with its envelope, headers, and its text and HTML parts decoded.
A mail that it refuses or leaves hanging is not printed. It runs until it is killed.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

HOST = "127.0.0.1"
MAIL_BYTES = 1024 * 1024
# Longer than any client should wait for an answer.
HANG_SECONDS = 3600


class Peer:
    """The hooks that aiosmtpd calls; each answers what the client is told."""

    def __init__(self, refused, busy, hangs):
        self.refused = {address.lower() for address in refused}
        self.busy = busy
        self.hangs = hangs

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.lower() in self.refused:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hangs:
            await asyncio.sleep(HANG_SECONDS)
        if self.busy > 0:
            self.busy -= 1
            return "451 4.3.0 busy, try again later"
        say(told(envelope))
        return "250 2.0.0 taken"


def protection(arguments):
    """TLS as asked for: none, from the first byte on, or by STARTTLS before anything else is said."""
    if arguments.certificate is None:
        return None, {}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments.certificate, arguments.key)
    if arguments.tls:
        return context, {}
    return None, {"tls_context": context, "require_starttls": True}


def admission(arguments):
    """Whom it lets in: everybody, or who knows the password."""
    if arguments.login is None:
        return {}

    def check(server, session, envelope, mechanism, data):
        known = (arguments.login.encode(), arguments.password.encode())
        return AuthResult(success=(data.login, data.password) == known, handled=False)

    # Over TLS from the first byte on it does not see that it is protected.
    return {"auth_required": True, "authenticator": check, "auth_require_tls": not arguments.tls}


def told(envelope):
    mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "headers": [[name, str(value)] for name, value in mail.items()],
        "text": content(mail, "plain"),
        "html": content(mail, "html"),
    }


def content(mail, kind):
    part = mail.get_body(preferencelist=(kind,))
    return part.get_content() if part else None


def say(line):
    print(json.dumps(line), flush=True)


async def serve(arguments):
    peer = Peer(arguments.refuse, arguments.busy, arguments.hang)
    loop = asyncio.get_running_loop()
    context, options = protection(arguments)
    options |= admission(arguments)

    def session():
        # SMTPUTF8 as large providers offer it, so that a name beyond ASCII takes the way it takes in the world.
        return SMTP(peer, hostname="smtp-peer.test", data_size_limit=MAIL_BYTES, enable_SMTPUTF8=True, **options)

    server = await loop.create_server(session, HOST, arguments.port, ssl=context)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--refuse", action="append", default=[], metavar="ADDRESS", help="answer 550 to this recipient")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="answer 451 to the first N mails")
    parser.add_argument("--hang", action="store_true", help="read a mail and never answer")
    parser.add_argument("--certificate", help="speak TLS, by STARTTLS, with this certificate in PEM")
    parser.add_argument("--key", help="and this key")
    parser.add_argument("--tls", action="store_true", help="speak it from the first byte on")
    parser.add_argument("--login", metavar="NAME", help="take mail of who signs in so")
    parser.add_argument("--password", metavar="TEXT", help="with this password")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
