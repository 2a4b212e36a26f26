package mailparse

import (
	"regexp"
	"strings"
)

// quoteMark stands in text made from HTML where the HTML itself says that a
// quote begins. It is a private character that no mail brings along.
const quoteMark = "\uE000"

// maxAttribution bounds the lines and bytes of one "On … wrote:".
const (
	maxAttributionLines = 7
	maxAttributionBytes = 500
)

var (
	// wroteEnd are the verbs that close an attribution.
	wroteEnd = regexp.MustCompile(`(?i)(?:\bwrote|\bwrites|\bescribi[óo]|\bescreveu|\ba [ée]crit|\bschrieb(?: am [^:]{3,60}| folgendes)?|\bschreef(?: op [^:]{3,60})?|\bgeschreven|\bha scritto|\bscrisse|\bnapisa[łl](?:\(?-?a\)?)?|\bpisze|\bskrev(?: [^:]{3,60})?|\bskrifa[ðd]i|\bkirjoitti(?: [^:]{3,60})?|\bnapsal(?:\(?a\)?)?|\bnap[íi]sal(?:\(?a\)?)?|\b[íi]rta(?: [^:]{3,60})?|\ba scris|\byazd[ıi]|\bhar skrevet|\bnapisao(?:/la)?|\bje napisal(?:\(?a\)?)?|\brašė|\bkirjutas|\brakstīja|\bđã viết|\bmenulis|написа(?:л|ла|л\(а\)|в|ла\(в\)|в\(ла\))?|пишет|пише|έγραψε|написа|님이 (?:작성|씀|쓴 글|쓰셨습니다|작성한 글)|님의 (?:말|메일|메시지)|(?:작성|보낸 메일)|写道|寫道|のメール|(?:が|は)書きました|さん(?:の|が)(?:メール|書きました|メッセージ)|כתב(?:ה)?|كتب|เขียน(?:ว่า)?)\s*(?:[:：;]|-{2,})?\s*(?:[-*_]{2,})?\s*$`)
	// wroteStart are the words an attribution begins with.
	wroteStart = regexp.MustCompile(`(?i)^(?:[-*_]{2,}\s*)?(?:on|at|in|le|el|am|il|em|op|w dniu|dnia|den|dne|dňa|d\.|pe|la data|u|am|vào|pada|в|в понедельник|på|fre|lør|søn|man|tir|ons|tor|tors|mån|tis|lör|sön|ma|ti|ke|to|pe|la|su|lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|pon|wt|śr|czw|pt|sob|nd|пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|在|於|于|op|den|\d)(?:[ ,.:년月/\-]|\d|$)`)
	addressIn  = regexp.MustCompile(`[^\s<>"'\[\]()]+@[^\s<>"'\[\]()]+\.[a-zA-Z]{2,}|&lt;[^&]+@`)
	dateWithin = regexp.MustCompile(`\d{1,4}\s*[-./:년年]\s*\d{1,2}|\b(?:19|20)\d\d\b|\d{1,2}:\d{2}|\d{1,2}\.?\s+\pL{3,}`)
	// datedSender is an attribution without a verb: a date, a name and an
	// address, closed by a colon or followed by a quote.
	datedSender = regexp.MustCompile(`^(?:\d{1,4}[-./:년年]|\d{1,2}\.? \pL{3,}|\pL{2,12}\.?,? \d{1,2})[^<]{0,120}<[^<>\s]+@[^<>\s]+>\s*["']?\s*[:：]?\s*$`)
	// senderDated is the same with the sender first, as in German or Chinese.
	senderDated = regexp.MustCompile(`(?i)^[^<\n]{0,100}<?[^<>\s]+@[^<>\s]+>?[^<\n]{0,12}\s*(?:schrieb|schreef|skrev|kirjoitti|írta|wrote|a écrit|escribió|escreveu|ha scritto|napisał\(a\)|написал\(?а?\)?|於|于)\s*[^\n]{0,80}\d[^\n]{0,60}[:：]\s*$`)
	// wroteWithin is an attribution with the verb before the sender.
	wroteWithin = regexp.MustCompile(`(?i)\b(?:schrieb|schreef|skrev|kirjoitti|wrote|escribi[óo]|escreveu|napisał|napsal|a scris)\s[^\n]{2,160}[:：]\s*$`)
	original    = regexp.MustCompile(`(?i)^[\s>*_|]*(?:[-=_*]{2,}\s*(?:the |begin )?(?:` + originalWords + `)[\s:]*(?:[-=_*]{2,}|$)|(?:` + forwardWords + `)\s*:?\s*$|[-]{2,}\s*(?:reply|replied|forwarded|forward|on behalf)\b[^\n]{0,40}-{2,}\s*$)`)
)

const (
	originalWords = `original (?:message|e-?mail|msg|text|appointment)|reply message|replied message|forwarded? (?:message|e-?mail|by)|message d.origine|message original|courriel original|message transf[ée]r[ée]|message initial|e-mail d.origine` +
		`|urspr(?:ü|ue)ngliche (?:nachricht|e-mail|mail)|original(?:nachricht|-nachricht|mail)|weitergeleitete (?:nachricht|e-?mail)|oorspronkelijk bericht|origineel bericht|doorgestuurd bericht` +
		`|mensaje original|correo original|mensaje reenviado|mensagem (?:original|encaminhada|reencaminhada)|messaggio (?:originale|inoltrato)|oryginalna wiadomo[śs][ćc]|wiadomo[śs][ćc] (?:oryginalna|przekazana)|wiadomo[śs][ćc] napisana|(?:przekazana|pierwotna) wiadomo[śs][ćc]` +
		`|oprindelig (?:besked|meddelelse)|opprinnelig melding|videresendt (?:besked|melding)|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|alkuper[äa]inen viesti|välitetty viesti` +
		`|p[ůu]vodn[íi] (?:zpr[áa]va|e-?mail)|p[ôo]vodn[áa] spr[áa]va|eredeti (?:üzenet|levél)|mesaj original|mesajul original|[öo]zg[üu]n (?:ileti|mesaj)|orijinal (?:mesaj|ileti)|[iİ]letilen (?:mesaj|ileti)|izvorna poruka|originalna poruka` +
		`|исходное сообщение|оригинальное сообщение|пересылаемое сообщение|пересланное сообщение|переадресованное сообщение|вихідне повідомлення|оригінальне повідомлення|переслане повідомлення|αρχικό μήνυμα` +
		`|원본 ?(?:메시지|메세지|메일|이메일)|원문|원래 메시지|전달된 메시지|전달된 메일|전달 메시지|元のメッセージ|オリジナルメッセージ|original ?message|転送メッセージ|転送されたメッセージ|原始邮件|原邮件|原始信件|原始郵件|原郵件|转发(?:的)?邮件|轉寄郵件|轉寄的郵件|thư gốc|pesan asli|הודעה מקורית|الرسالة الأصلية`
	forwardWords = `begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:transféré|réexpédié)|inizio messaggio inoltrato|inicio del mensaje reenviado|início da mensagem reencaminhada|rozpoczęcie przekazanej wiadomości|początek przekazywanej wiadomości|begin doorgestuurd bericht|vidarebefordrat brev|videresendt besked|начало переадресованного сообщения|전달된 메시지 시작|转发的邮件|轉寄的郵件`
)

// The names header fields have in quoted mail.
var (
	fromName    = headerName(`from|de|von|van|da|od|fra|från|lähettäjä|kimden|feladó|expediteur|expéditeur|remitente|remetente|mittente|nadawca|absender|afzender|avsändare|afsender|odesílatel|odosielateľ|de la|от|от кого|від|από|보낸 ?사람|보낸이|보낸 분|발신자?|발신인|差出人|送信者|送信元|发件人|發件人|寄件者|寄件人|từ|dari|จาก|מאת|من`)
	dateName    = headerName(`sent|date|sent on|envoyé(?: le)?|date d.envoi|gesendet(?: am)?|datum|verzonden(?: op)?|inviato|data|data invio|enviado(?: el| em)?|enviada(?: em)?|fecha|wysłano|wysłany|data wysłania|sendt|dato|skickat|lähetetty|päiväys|odesláno|odoslané|dátum|elküldve|küldve|trimis|gönderildi|gönderme tarihi|tarih|отправлено|дата|надіслано|ημερομηνία|보낸 ?날짜|보낸 ?시간|보낸 ?일시|날짜|일시|送信日時|送信日|日時|日付|发送时间|发送日期|寄件日期|傳送時間|日期|时间|ngày|tanggal|วันที่|תאריך|נשלח|تاريخ`)
	toName      = headerName(`to|à|a|an|aan|al|para|do|til|till|vastaanottaja|kime|címzett|destinataire|destinatario|komu|adresat|кому|до|προς|받는 ?사람|받는이|수신자?|수신인|宛先|送信先|收件人|收件者|đến|kepada|ถึง|אל|إلى|cc|kopia|kopie|copie|copia|cópia|dw|udw|копия|копія|참조|숨은 ?참조|抄送|副本|reply-to|répondre à|antwort an|bcc|bilgi`)
	subjectName = headerName(`subject|objet|betreff|betr|onderwerp|oggetto|temat|asunto|assunto|ämne|emne|aihe|předmět|predmet|tárgy|subiect|konu|тема|θέμα|제목|件名|主题|主旨|主題|tiêu đề|subjek|perihal|เรื่อง|נושא|الموضوع`)
)

func headerName(words string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[\s>*_|]*(?:` + words + `)\s?\*?\s*[:：]\s?\*?`)
}

// breakAt reports whether a quoted mail is introduced at line i, and where
// that introduction ends.
func breakAt(lines []string, i int) (end int, found bool) {
	line := strings.TrimSpace(lines[i])
	if line == "" || isQuoted(line) {
		return 0, false
	}
	switch {
	case strings.Contains(line, quoteMark):
		return markEnd(lines, i), true
	case len(line) < 200 && original.MatchString(line):
		return i + 1, true
	}
	if end := headerBlock(lines, i); end > 0 {
		return end, true
	}
	if end := attribution(lines, i); end > 0 {
		return end, true
	}
	return 0, false
}

// markEnd is where the words after a quote mark turn into the quote itself.
func markEnd(lines []string, i int) int {
	for end := i + 1; end < len(lines) && end < i+maxAttributionLines; end++ {
		if isQuoted(lines[end]) {
			return end
		}
		if next := attribution(lines, end); next > 0 {
			return next
		}
	}
	return i + 1
}

// headerBlock reports where a block of header fields in any of our languages
// ends that begins at line i, 0 if none does.
func headerBlock(lines []string, i int) int {
	if !strings.ContainsAny(lines[i], ":：") { // the names look for one, and most lines have none
		return 0
	}
	if !fromName.MatchString(lines[i]) && !dateName.MatchString(lines[i]) && !subjectName.MatchString(lines[i]) && !toName.MatchString(lines[i]) {
		return 0
	}
	from, dates, tos, subjects, address := 0, 0, 0, 0, false
	end, misses := i, 0
	for j := i; j < len(lines) && j < i+14 && misses < 2; j++ {
		line := lines[j]
		switch {
		case strings.TrimSpace(line) == "":
			misses++
			continue
		case fromName.MatchString(line):
			from++
			address = address || strings.Contains(line, "@")
		case dateName.MatchString(line):
			dates++
		case subjectName.MatchString(line):
			subjects++
		case toName.MatchString(line):
			tos++
			address = address || strings.Contains(line, "@")
		case j-end > 2:
			misses = 2
			continue
		default:
			continue // a field folded onto a second line
		}
		end = j
	}
	kinds := min(from, 1) + min(dates, 1) + min(tos, 1) + min(subjects, 1)
	if from > 0 && kinds >= 3 && (address || subjects > 0) {
		return end + 1
	}
	return 0
}

// attribution reports where an "On … wrote:" that begins at line i ends, 0 if
// none does.
func attribution(lines []string, i int) int {
	first := strings.TrimSpace(lines[i])
	if len(first) > maxAttributionBytes {
		return 0
	}
	starts := wroteStart.MatchString(first)
	if !starts && !hasAddress(first) {
		return 0
	}
	joined := ""
	for j := i; j < len(lines) && j < i+maxAttributionLines; j++ {
		line := strings.TrimSpace(lines[j])
		if line == "" && j > i+3 || len(joined)+len(line) > maxAttributionBytes {
			return 0
		}
		if j > i && isQuoted(line) && !strings.HasPrefix(line, "> wrote") && !wroteEnd.MatchString(line) {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + line)
		if line != "" && isAttribution(joined, starts) {
			return j + 1
		}
	}
	return 0
}

// isAttribution judges words that may be a whole attribution. starts says
// that they begin like one.
func isAttribution(s string, starts bool) bool {
	colon := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
	switch {
	case datedSender.MatchString(s), colon && senderDated.MatchString(s):
		return true
	case colon && starts && wroteWithin.MatchString(s) && (hasAddress(s) || dateWithin.MatchString(s)):
		return true
	case !endsWithVerb(lastBytes(s, 150)):
		return false
	case hasAddress(s):
		return true
	}
	return starts && (colon || strings.HasSuffix(s, "--")) && dateWithin.MatchString(s)
}

// wroteStems is a cheap look before the dear one: every verb of wroteEnd has
// one of these in it.
var wroteStems = strings.Fields("wrote writes escri escre crit schri schre scri napis pisze skr kirjo psal písal rta yazd raš kirju rakst viết menul напис пиш έγρα 작성 씀 쓴 쓰 말 메일 메시지 写 寫 メール 書 メッセージ כתב كتب เขียน")

func endsWithVerb(s string) bool {
	low := strings.ToLower(s)
	for _, stem := range wroteStems {
		if strings.Contains(low, stem) {
			return wroteEnd.MatchString(s)
		}
	}
	return false
}

func hasAddress(s string) bool {
	return strings.Contains(s, "@") && addressIn.MatchString(s)
}

// lastBytes is the end of s, cut between characters.
func lastBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[len(s)-n:], "")
}

var initialsQuote = regexp.MustCompile(`^[A-Za-z]{1,10}>`)

// isQuoted reports whether the line carries a quote's mark.
func isQuoted(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return strings.HasPrefix(line, ">") || strings.HasPrefix(line, "|") && (len(line) == 1 || line[1] == ' ') || initialsQuote.MatchString(line)
}
