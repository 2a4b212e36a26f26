package email

import (
	"errors"
	"regexp"

	"github.com/emersion/go-smtp"
)

// rateWords are how mail servers say that too much comes from one sender. A
// full mailbox and greylisting are about one recipient, and other words.
var rateWords = regexp.MustCompile(`(?i)too many (connections|concurrent|messages|recipients this|emails|mails|login|sessions)|rate.?limit|(sending|message|connection) (rate|limit|quota)|throttl|(daily|hourly) (user )?(sending |message )?(limit|quota)|sending too fast|slow down`)

// throttles reports whether a server asks to be sent less at a time: by 421,
// which ends the session, by 4.7.0 or 5.4.5, or in words.
func throttles(err error) bool {
	var se *smtp.SMTPError
	if !errors.As(err, &se) {
		return false
	}
	return se.Code == 421 || se.EnhancedCode == (smtp.EnhancedCode{4, 7, 0}) || se.EnhancedCode == (smtp.EnhancedCode{5, 4, 5}) || rateWords.MatchString(se.Message)
}
