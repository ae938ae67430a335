//! The SMTP peer, spoken to in plain SMTP: what it takes it tells, and it misbehaves exactly when asked to.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use testbed::smtp::{Manners, SmtpPeer};

const SOON: Duration = Duration::from_secs(10);
const MAIL: &str = "From: Keyward <keyward@example.com>\r\nTo: Ada <ada@example.com>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nsch=C3=B6n\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<b>hi</b>\r\n--b--\r\n";

/// A client that sends line after line and reads the code of each answer.
struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(peer: &SmtpPeer) -> Self {
        let stream = TcpStream::connect(peer.address()).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        let mut client = Self(BufReader::new(stream));
        assert_eq!(client.code(), 220);
        assert_eq!(client.say("HELO test"), 250);
        client
    }

    fn say(&mut self, line: &str) -> u16 {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
        self.code()
    }

    fn code(&mut self) -> u16 {
        let mut answer = String::new();
        self.0.read_line(&mut answer).unwrap();
        answer[..3].parse().unwrap_or_else(|_| panic!("{answer:?} is no SMTP answer"))
    }

    /// Sends one mail and gives the code of the last answer.
    fn send(&mut self, to: &str) -> u16 {
        assert_eq!(self.say("MAIL FROM:<keyward@example.com>"), 250);
        match self.say(&format!("RCPT TO:<{to}>")) {
            250 => {}
            code => return code,
        }
        assert_eq!(self.say("DATA"), 354);
        self.say(&format!("{MAIL}."))
    }
}

#[test]
fn a_mail_is_told_with_its_envelope_and_both_parts() {
    let peer = SmtpPeer::start();
    assert_eq!(Client::connect(&peer).send("ada@example.com"), 250);
    let mail = peer.next_mail(SOON).unwrap();
    assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("keyward@example.com", &["ada@example.com".to_owned()][..]));
    assert_eq!(mail.header("subject"), Some("Grüße"));
    assert_eq!(mail.text.unwrap().trim(), "schön");
    assert_eq!(mail.html.unwrap().trim(), "<b>hi</b>");
    assert!(peer.next_mail(Duration::from_millis(200)).is_none(), "one mail was sent");
}

#[test]
fn recipients_are_refused_and_mails_put_off_as_asked() {
    let manners = Manners { refused: vec!["gone@example.com".to_owned()], busy: 2, ..Manners::default() };
    let peer = SmtpPeer::start_with(&manners);
    let mut client = Client::connect(&peer);
    assert_eq!(client.send("Gone@example.com"), 550);
    assert_eq!(client.say("RSET"), 250);
    assert_eq!([client.send("ada@example.com"), client.send("ada@example.com")], [451, 451]);
    assert!(peer.next_mail(Duration::from_millis(200)).is_none(), "none was taken");
    assert_eq!(client.send("ada@example.com"), 250);
    assert_eq!(peer.next_mail(SOON).unwrap().to, ["ada@example.com"]);
}

#[test]
fn one_that_hangs_answers_nothing_and_another_can_take_its_port() {
    let peer = SmtpPeer::start_with(&Manners { hangs: true, ..Manners::default() });
    let mut client = Client::connect(&peer);
    client.0.get_ref().set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert_eq!(client.say("MAIL FROM:<keyward@example.com>"), 250);
    assert_eq!(client.say("RCPT TO:<ada@example.com>"), 250);
    assert_eq!(client.say("DATA"), 354);
    client.0.get_mut().write_all(format!("{MAIL}.\r\n").as_bytes()).unwrap();
    assert!(client.0.read_line(&mut String::new()).is_err(), "no answer came");
    let port = Some(peer.address().port());
    drop((client, peer));
    let peer = SmtpPeer::start_with(&Manners { port, ..Manners::default() });
    assert_eq!(Client::connect(&peer).send("ada@example.com"), 250);
}
