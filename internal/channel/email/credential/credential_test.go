package credential

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/channel/email/mailparse"
)

func TestMAIL22CodeMailsAreRecognised(t *testing.T) {
	for _, c := range []struct{ want, from, subject, text string }{
		// Providers.
		{"code Slack", "feedback@slack.com", "Slack confirmation code: K7Q-9PM", "Confirm your email address\nYour confirmation code is below — enter it in your open browser window and we'll help you get signed in.\nK7Q-9PM\n"},
		{"code Slack", "no-reply@slack.com", "Slack-Bestätigungscode: QWE-RTZ", "Dein Bestätigungscode steht unten.\n\nQWE-RTZ\n"},
		{"link Slack", "feedback@slack.com", "Confirm your email address on Slack", "Click the button: https://slack.com/signin?t=1"},
		{"code Google", "no-reply@accounts.google.com", "Google Verification Code", "Dear Google User,\nWe received a request to access your Google Account. Your Google verification code is:\n\n481 220\n\nIf you did not request this code…"},
		{"code Google", "noreply@google.com", "Email verification code: 992114", "Use this code to finish setting up your recovery email."},
		{"code Google", "no-reply@accounts.google.com", "Google 인증 코드", "Google 계정 복구에 사용할 인증 코드는 다음과 같습니다.\n\n481220\n"},
		{"domain Google", "sc-noreply@google.com", "Verify ownership of your domain shop.example", "Open https://search.google.com/ to finish."},
		{"code Microsoft", "account-security-noreply@accountprotection.microsoft.com", "Microsoft account security code", "Please use the following security code for the Microsoft account he**@shop.example.\n\nSecurity code: 2278"},
		{"code Microsoft", "account-security-noreply@accountprotection.microsoft.com", "Kod zabezpieczeń konta Microsoft", "Użyj następującego kodu zabezpieczeń.\nKod bezpieczeństwa: 227811"},
		{"code Microsoft", "msonlineservicesteam@microsoftonline.com", "Shop account email verification code", "Your code is: 771203"},
		{"code Apple", "appleid@id.apple.com", "Verify your Apple Account email address.", "You have selected help@shop.example as your Apple Account. To verify, enter the verification code below:\n\n604 118\n\nThis code will expire three hours after this email was sent."},
		{"reset Apple", "appleid@id.apple.com", "How to reset your Apple Account password", "Reset your password at https://iforgot.apple.com/x"},
		{"code GitHub", "noreply@github.com", "[GitHub] Please verify your device", "A sign in attempt requires further verification because we did not recognize your device.\nVerification code: 384719"},
		{"code GitHub", "noreply@github.com", "🚀 Your GitHub launch code", "Here's your GitHub launch code!\n\n26718811"},
		{"reset GitHub", "noreply@github.com", "[GitHub] Please reset your password", "We heard that you lost your GitHub password. https://github.com/password_reset/abc"},
		{"link GitHub", "noreply@github.com", "[GitHub] Please verify your email address.", "Almost done! https://github.com/users/help/emails/1/confirm_verification/x"},
		{"link Atlassian", "noreply@am.atlassian.com", "Verify your email for Atlassian", "Please confirm your email: https://id.atlassian.com/verify"},
		{"code Atlassian", "noreply@id.atlassian.com", "7GK2Q9 is your verification code", "Enter the verification code 7GK2Q9 to log in."},
		{"code Facebook", "security@facebookmail.com", "58211 is your Facebook confirmation code", "Enter it to confirm."},
		{"code Naver", "account_noreply@navercorp.naver.com", "[네이버] 이메일 인증번호 안내", "아래 인증번호를 입력해 주세요.\n\n482913"},
		{"code LinkedIn", "security-noreply@linkedin.com", "Here's your verification code 901244", "Hi, 901244 is your code."},
		{"code OpenAI", "noreply@tm.openai.com", "Your ChatGPT code is 118203", "Enter this temporary verification code to continue: 118203"},
		// Certificate authorities.
		{"domain DigiCert", "no-reply@digitalcertvalidation.digicert.com", "Domain validation for shop.example: action needed", "Approve: https://validate.digicert.com/x"},
		{"domain Sectigo", "noreply_support@trust-provider.com", "ORDER #1234 - Domain Control Validation for shop.example", "Go to https://secure.trust-provider.com/EnterDCVCode and enter: aB93kkQ0"},
		{"domain Certum", "noreply@certum.pl", "Weryfikacja domeny shop.example", "Aby potwierdzić, kliknij https://certum.pl/verify/x"},
		{"domain GlobalSign", "no-reply@globalsign.com", "Zertifikat für shop.example bitte genehmigen", "https://globalsign.com/approve"},
		{"domain Amazon", "no-reply@certificates.amazon.com", "Certificate approval for shop.example", "To approve, go to https://certificates.amazon.com/approvals?code=x"},
		// Anybody, in six languages.
		{"code ", "no-reply@tool.example", "Your verification code", "Your verification code is 123456. It expires in 10 minutes."},
		{"code ", "noreply@tool.example", "123456 is your Tool verification code", "Hello!"},
		{"code ", "hello@startup.example", "Sign in to Startup", "Your one-time code is: 734912\n\nIf you didn't request this, ignore this email."},
		{"code ", "no-reply@bank.example", "Anmeldung", "Ihr Sicherheitscode lautet 884213. Er ist 5 Minuten gültig."},
		{"code ", "noreply@service.example", "Connexion", "Votre code de vérification est : 552 901\nNe le partagez pas."},
		{"code ", "no-reply@servicio.example", "Acceso", "Tu código de verificación es 781234. Caduca en 5 minutos."},
		{"code ", "no-reply@uslugi.example", "Logowanie", "Twój kod weryfikacyjny to: 339104. Nie udostępniaj go."},
		{"code ", "noreply@service.example", "로그인 안내", "인증번호는 482913입니다. 5분 동안 유효합니다."},
		{"link ", "no-reply@tool.example", "Please confirm your email address", "https://tool.example/confirm/abc"},
		{"link ", "noreply@tool.example", "Potwierdź swój adres e-mail", "https://tool.example/p"},
		{"link ", "noreply@tool.example", "이메일 주소를 인증해 주세요", "https://tool.example/k"},
		{"reset ", "no-reply@tool.example", "Passwort zurücksetzen", "Klicken Sie hier: https://tool.example/r"},
		{"reset ", "no-reply@tool.example", "Réinitialisation de votre mot de passe", "https://tool.example/r"},
		{"reset ", "no-reply@tool.example", "Restablecer tu contraseña", "https://tool.example/r"},
		{"reset ", "no-reply@tool.example", "비밀번호 재설정 안내", "https://tool.example/r"},
		{"domain ", "noreply@ca.example", "Prove that you own the domain shop.example", "https://ca.example/dcv"},
	} {
		got := Judge(Mail{From: c.from, Subject: c.subject, Text: c.text, Link: strings.Contains(c.text, "https://")})
		if got == nil {
			t.Errorf("%s %q was not recognised", c.from, c.subject)
			continue
		}
		if kind := got.Kind + " " + got.Provider; kind != c.want || got.Phrase == "" {
			t.Errorf("%s %q: %s by %q, want %s", c.from, c.subject, kind, got.Phrase, c.want)
		}
		for _, secret := range []string{"123456", "481", "7gk2q9", "227811", "qwe-rtz"} {
			if strings.Contains(got.Phrase, secret) {
				t.Errorf("%q: the phrase gives the code away: %q", c.subject, got.Phrase)
			}
		}
	}
}

func TestMAIL22OrdinaryMailsAreNotMasked(t *testing.T) {
	for _, c := range []struct{ from, subject, text string }{
		{"ewa@harbour.example", "Order", "My order code 123456 does not work."},
		{"ewa@harbour.example", "Code", "I never got the verification code. It says my verification code is 123456 but the page refuses it."},
		{"ewa@gmail.com", "Your verification code is 123456", "Your verification code is 123456. Do not share it. What is this? I did not ask for it."},
		{"info@gmail.com", "Code", "Your verification code is 123456. It expires in 10 minutes."},
		{"info@partner.example", "Login", "The security code 884213 that you sent us is refused. Can you look?"},
		{"jan.kowalski@google.com", "Password reset", "The link https://shop.example/reset to reset my password shows an error."},
		{"jan.kowalski@microsoft.com", "Verification code", "Your shop asks for a verification code: 123456 is refused."},
		{"anna@apple.com", "Gift card", "The security code on the card is 4921, and the shop does not take it."},
		{"notifications@github.com", "[shop/web] Password reset does not work (#12)", "Steps: reset your password, see https://github.com/shop/web/issues/12"},
		{"notifications@github.com", "Re: [shop/web] Verify your email fails (#13)", "https://github.com/x 123456"},
		{"jira@shop.atlassian.net", "[JIRA] (WEB-12) Password reset broken", "See https://shop.atlassian.net/browse/WEB-12"},
		{"noreply@github.com", "[GitHub] Your invoice", "Invoice 12345678, see https://github.com/billing"},
		{"no-reply@slack.com", "Your weekly summary", "See what is new: https://slack.com/x 2026"},
		{"calendar-notification@google.com", "Invitation: Stand-up 10:30", "Join at https://meet.google.com/abc-defg-hij"},
		{"no-reply@parcel.example", "Your parcel 00340434161094", "Pick-up code 4821. Track it: https://parcel.example/t"},
		{"no-reply@shop.example", "Your order 884213 is confirmed", "Order number 884213. Thank you! https://shop.example/o"},
		{"no-reply@shop.example", "Save 20 % with SAVE2026", "Your discount code: SAVE2026 https://shop.example"},
		{"no-reply@shop.example", "Welcome", "Forgot? Reset your password any time at https://shop.example/reset"},
		{"newsletter@shop.example", "News", "Read on: https://shop.example/n"},
		{"info@firma.example", "Kod rabatowy", "Mój kod 123456 nie działa, proszę o pomoc. Hasło też nie działa: https://sklep.example/haslo"},
		{"kim@naver.com", "인증번호가 오지 않아요", "인증번호 482913을 입력했는데 안 됩니다."},
		{"marie@orange.fr", "Code de vérification", "Bonjour, le code de vérification 552901 ne marche pas."},
		{"klaus@gmx.de", "Bestätigungscode", "Mein Bestätigungscode lautet 123456 und er geht nicht."},
		{"lucia@correo.example", "código", "El código de verificación 781234 no funciona."},
		{"support@partner.example", "Password reset for our portal", "Hello, could you reset the password of user 4711? https://partner.example"},
		{"no-reply@tool.example", "Re: Your verification code", "Your verification code is 123456"},
		{"ewa@harbour.example", "Fwd: Slack confirmation code: K7Q-9PM", "Is this yours? Your confirmation code is K7Q-9PM"},
		{"docs@no-reply.example", "Hello", "Your verification code is 123456"},
		{"", "", ""},
	} {
		if got := Judge(Mail{From: c.from, Subject: c.subject, Text: c.text, Link: strings.Contains(c.text, "https://")}); got != nil {
			t.Errorf("%s %q was masked: %+v", c.from, c.subject, *got)
		}
	}
}

// TestMAIL22PublicMailsAreNotMasked counts what would be masked of mails and
// customers' words that nobody wrote for this test. None may be: they carry no
// credentials. The words are sent from a customer, an office and a machine: every
// hundredth of them, with SCORE set all.
func TestMAIL22PublicMailsAreNotMasked(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "..", "shared", "data")
	if _, err := os.Stat(root); err != nil {
		t.Skip("public test data not here: shared/data")
	}
	mails, masked := 0, 0
	count := func(name string, m Mail) {
		mails++
		if got := Judge(m); got != nil {
			masked++
			t.Errorf("%s: %+v", name, *got)
		}
	}
	files, _ := filepath.Glob(filepath.Join(root, "email", "*", "*.eml"))
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := mailparse.Parse(raw); err == nil {
			from := ""
			if len(m.From) > 0 {
				from = m.From[0].Address
			}
			count(path, Mail{From: strings.ToLower(from), Machine: m.Quiet, List: m.IsList, Answers: m.InReplyTo != "", Subject: m.Subject, Text: m.PlainText, Link: true})
		}
	}
	t.Logf("%d mails", mails)
	for i, words := range customersWords(t, root) {
		if os.Getenv("SCORE") == "" && i%100 != 0 {
			continue
		}
		for _, from := range []string{"ewa@harbour.example", "info@harbour.example", "noreply@harbour.example"} {
			count(words, Mail{From: from, Subject: "Question", Text: words})
		}
	}
	t.Logf("%d of %d ordinary mails would be masked", masked, mails)
	if mails < 100 {
		t.Errorf("only %d mails were read", mails)
	}
}

// customersWords are the sentences of the sets of intents and reviews, as far as
// they are lists of texts.
func customersWords(t *testing.T, root string) (list []string) {
	for _, pattern := range []string{"intents/*", "intents/*/*", "reviews/*", "faq_retrieval/*", "email/reply_stripping/*.txt"} {
		files, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		for _, path := range files {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			switch filepath.Ext(path) {
			case ".csv", ".tsv":
				r := csv.NewReader(f)
				r.LazyQuotes, r.FieldsPerRecord = true, -1
				if filepath.Ext(path) == ".tsv" {
					r.Comma = '\t'
				}
				for row, err := r.Read(); err == nil; row, err = r.Read() {
					list = append(list, strings.Join(row, "\n"))
				}
			case ".txt", ".jsonl":
				for s := bufio.NewScanner(f); s.Scan(); {
					list = append(list, s.Text())
				}
			case ".json":
				var v any
				if json.NewDecoder(f).Decode(&v) == nil {
					list = append(list, strung(v)...)
				}
			}
			f.Close()
		}
	}
	return list
}

func strung(v any) (list []string) {
	switch v := v.(type) {
	case string:
		list = append(list, v)
	case []any:
		for _, one := range v {
			list = append(list, strung(one)...)
		}
	case map[string]any:
		for _, one := range v {
			list = append(list, strung(one)...)
		}
	}
	return list
}

func FuzzJudge(f *testing.F) {
	f.Add("no-reply@tool.example", "Your verification code", "Your verification code is 123456.")
	f.Add("noreply@service.example", "로그인", "인증번호는 482913입니다")
	f.Fuzz(func(t *testing.T, from, subject, text string) {
		got := Judge(Mail{From: from, Machine: true, Subject: subject, Text: text, Link: true})
		if got != nil && (got.Kind == "" || codes.MatchString(got.Phrase)) {
			t.Errorf("%+v", *got)
		}
	})
}
