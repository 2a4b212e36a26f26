package words

import (
	"strings"
	"testing"
)

func TestASentenceIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, language, english, want string
	}{
		{"a sentence", "ko", "There is no such team.", "그런 팀이 없습니다."},
		{"in Polish", "pl", "There is no such team.", "Nie ma takiego zespołu."},
		{"in English", "en", "There is no such team.", "There is no such team."},
		{"a language we do not speak", "sw", "There is no such team.", "There is no such team."},
		{"no language", "", "There is no such team.", "There is no such team."},
		{"nothing", "ko", "", ""},
		{"unknown words", "ko", "550 5.1.1 No such user. Go away.", "550 5.1.1 No such user. Go away."},
		{"a value", "pl", "The file is too large: at most 25 MB.", "Plik jest za duży: najwyżej 25 MB."},
		{"a value that is words", "ko", "Too many attempts. Try again in 30 seconds.", "시도가 너무 많습니다. 30초 뒤에 다시 시도하세요."},
		{"values in another order", "ko", "mail.example offers no encryption with STARTTLS on port 993.", "mail.example 서버는 993번 포트에서 STARTTLS 암호화를 제공하지 않습니다."},
		{"a quoted value", "pl", `There is no folder called "A. \"B\"".`, `Nie ma folderu o nazwie "A. \"B\"".`},
		{"an empty value", "pl", "mail.example refuses to talk.", "mail.example odmawia rozmowy."},
		{"the words of the other side", "pl", "mail.example refuses to talk (the server says: Too busy. Later).", "mail.example odmawia rozmowy (serwer odpowiada: Too busy. Later)."},
		{"several sentences", "pl", "Enter a name. Enter an e-mail address.", "Wpisz nazwę. Wpisz adres e-mail."},
		{"of two, one unknown", "pl", "Enter a name. Whatever else.", "Enter a name. Whatever else."},
		{"with a hint behind", "pl", "Signed in at mail.example and opened the folder INBOX. The server does not announce new mail; Rapport looks every minute.",
			"Zalogowano na mail.example i otwarto folder INBOX. Serwer nie zgłasza nowej poczty; Rapport sprawdza ją co minutę."},
		{"state of an inbox", "ko", "Fetching mail does not work: mail.example refuses connections on port 993. For IMAP the usual ports are 993 with TLS and 143 with STARTTLS.",
			"메일을 가져오지 못합니다: mail.example 서버가 993번 포트의 연결을 거절합니다. IMAP의 일반적인 포트는 TLS 993번, STARTTLS 143번입니다."},
		{"state of an inbox in foreign words", "ko", "Sending does not work: relaying denied", "메일을 보내지 못합니다: relaying denied"},
		{"inboxes by name", "pl", "Sales & more: Sending does not work: mail.example:587 does not answer: it took too long to answer\nDesk: Fetching mail does not work: Whatever",
			"Sales & more: Wysyłanie nie działa: mail.example:587 nie odpowiada: odpowiedź trwała zbyt długo\nDesk: Pobieranie poczty nie działa: Whatever"},
		{"two inboxes", "pl", "A b: Fetching mail does not work: There is no server called x.example. Check the spelling of the server's name. C: Fetching mail does not work: mail.example has no mail server.",
			"A b: Pobieranie poczty nie działa: Nie ma serwera o nazwie x.example. Sprawdź pisownię nazwy serwera. C: Pobieranie poczty nie działa: mail.example nie ma serwera poczty."},
		{"a recipient before it", "ko", "ewa@harbour.example: This inbox has no server for outgoing mail. Add one under Settings, Inboxes, then send again.",
			"ewa@harbour.example: 이 받은함에는 보내는 메일 서버가 없습니다. 설정의 받은함에서 추가한 뒤 다시 보내세요."},
		{"a recipient before foreign words", "ko", "ewa@harbour.example: Greylisted (451 4.2.0)", "ewa@harbour.example: Greylisted (451 4.2.0)"},
		{"a code", "ko", "duplicate", "중복"},
		{"a value that is called like a code", "pl", "There is no server called loop.", "Nie ma serwera o nazwie loop."},
		{"a name before a sentence of its own", "pl", "Nonsense here. mail.example has no mail server.", "Nonsense here. mail.example has no mail server."},
		{"very long words", "pl", strings.Repeat("Enter a name. ", 1000), strings.Repeat("Enter a name. ", 1000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := In(c.language, c.english); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "en", "ko": "ko", "pl-PL": "pl", "KO-kr,en;q=0.5": "ko", "de,pl;q=0.7,en;q=0.3": "pl", "en;q=0.4, ko;q=0.8": "ko", "en, ko": "en", "fr": "en", "*": "en",
		"pl;q=0": "en", "pl;q=x, ko;q=0.1": "ko", ";;,,": "en",
	} {
		if got := Accepted(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

// Texts of other machines come here too, so what they cost must stay small.
func BenchmarkForeignWords(b *testing.B) {
	text := strings.Repeat("The mail system could not deliver it: see below. ", 15)
	for b.Loop() {
		In("ko", text)
	}
}

func BenchmarkASentenceWithValues(b *testing.B) {
	for b.Loop() {
		In("ko", "Fetching mail does not work: mail.example refuses connections on port 993. For IMAP the usual ports are 993 with TLS and 143 with STARTTLS.")
	}
}
