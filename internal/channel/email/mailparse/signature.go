package mailparse

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	// deviceLine is what a phone or mail program adds under a mail.
	deviceLine = regexp.MustCompile(`(?i)^[\s*_><\[(-]*(?:` +
		`(?:(?:was )?sent|written|typed|composed) (?:from|via|using|with|by|on) (?:my |the |a )?(?:[^\n]{0,20}\b)?(?:i-?phone|i-?pad|i-?pod|i-?os|apple|mac\b|android|samsung|galaxy|htc|huawei|xiaomi|redmi|oppo|oneplus|nokia|lumia|windows|blackberry|motorola|moto|sony|xperia|pixel|lg|wiko|honor|phone|mobile|smartphone|tablet|device|outlook|mail\b|e-?mail|gmail|yahoo|aol|spark|typeapp|bluemail|thunderbird|proton|tutanota|zoho|nine|airmail|mailbird|newton|edison|hey|superhuman|front|verizon|t-mobile|at&t|sprint|vodafone|orange)[^\n]{0,80}` +
		`|sent from (?:my|our) [^\n,.!?]{2,40}` +
		`|get (?:outlook|bluemail|typeapp|spark|yahoo mail|the app)[^\n]{0,60}|download [^\n]{0,30}(?:outlook|mail) (?:for|app)[^\n]{0,40}|sent with [^\n]{2,40}|sent via [^\n]{2,40}` +
		`|(?:von|vom) mein(?:em|er) [^\n]{2,40} gesendet\.?|gesendet (?:von|vom|mit|über|aus)(?: (?:meine[mr]|der|dem))? [^\n]{2,60}|diese (?:nachricht|e-?mail) wurde (?:von|mit) [^\n]{2,80} gesendet\.?|outlook für (?:ios|android)[^\n]{0,40}|holen sie sich outlook[^\n]{0,40}` +
		`|envoy[ée]e? (?:de(?:puis)?|à partir|avec|par|via) [^\n]{2,60}|obtenez outlook[^\n]{0,50}|télécharger outlook[^\n]{0,50}|provenance : [^\n]{2,40}` +
		`|enviado (?:desde|do|de|a partir|via|por|con|pelo) [^\n]{2,60}|obtener outlook[^\n]{0,50}|obter o outlook[^\n]{0,50}|inviato (?:da|dal|con|tramite)(?:l)? [^\n]{2,60}|scarica outlook[^\n]{0,50}|ottieni outlook[^\n]{0,50}` +
		`|verstuurd (?:vanaf|vanuit|met|via) [^\n]{2,60}|verzonden (?:vanaf|vanuit|met|via|met mijn) [^\n]{2,60}|(?:outlook voor (?:ios|android)|download outlook voor)[^\n]{0,40}` +
		`|wys[łl]an[eoay] (?:z|ze|przez|za pomoc[ąa]) [^\n]{2,60}|pobierz (?:program |aplikację )?outlook[^\n]{0,50}|uzyskaj (?:aplikację |program )?outlook[^\n]{0,50}` +
		`|skickat (?:från|med|via) [^\n]{2,60}|hämta outlook[^\n]{0,50}|sendt fra [^\n]{2,60}|sendt (?:via|med) [^\n]{2,40}|hent outlook[^\n]{0,50}|få outlook[^\n]{0,50}|lähetetty [^\n]{2,60}` +
		`|odesl[áa]no (?:z|ze|pomoc) [^\n]{2,60}|odoslan[ée] (?:z|zo) [^\n]{2,60}|trimis (?:de pe|din|cu) [^\n]{2,60}|poslano (?:s|z|sa) [^\n]{2,60}|[^\n]{2,40}(?:ból|ről|ről|mről) küldve|küldve [^\n]{2,40}|[^\n]{2,40}(?:dan|den|dan|tan|ten) g[öo]nderildi` +
		`|отправлено (?:с|из|через|от) [^\n]{2,60}|отправлено [^\n]{2,20}почт[^\n]{0,30}|надіслано (?:з|із|від) [^\n]{2,60}|στάλθηκε από [^\n]{2,60}` +
		`|[^\n]{1,40}(?:에서|으로|로) (?:보냄|보낸 메일|전송됨?|보냈습니다|발송(?:됨|되었습니다)?)\.?|[^\n]{1,20}에서 나의 [^\n]{1,20}|(?:android|ios|iphone)용 outlook[^\n]{0,40}|[^\n]{0,20}outlook 다운로드[^\n]{0,20}` +
		`|[^\n]{1,40}から(?:送信|送信されました|のメール)\.?。?|[^\n]{0,20}outlook (?:を入手|for ios を入手)[^\n]{0,30}|(?:从|從)我的[^\n]{1,30}(?:发送|發送|寄出|傳送)|(?:发自|發自|来自|來自|寄自|傳送自|发送自)[^\n]{1,40}|获取 ?outlook[^\n]{0,40}|取得 ?outlook[^\n]{0,40}|gửi từ [^\n]{2,40}|dikirim dari [^\n]{2,40}` +
		`)\s*(?:<?\[?https?://\S+\]?>?)?[\s*_.>\])]*$`)
	// deviceWord tells a device from a courier: parcels are sent by something, too.
	deviceWord = regexp.MustCompile(`(?i)i-?phone|i-?pad|i-?pod|\bios\b|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|oneplus|pixel|nokia|lumia|blackberry|motorola|xperia|wiko|honor|\bhtc\b|windows|\bmac|outlook|gmail|yahoo|\baol\b|gmx|web\.de|hotmail|\bmail (?:for|app|für|voor|pour|para|per|til|för)|mail\.ru|яндекс|yandex|proton|tutanota|zoho|spark|sparrow|typeapp|bluemail|mailbird|thunderbird|mailbox|cloudmagic|newton|superhuman|airmail` +
		`|mobil|smartphone|tablet|handy|telefon|teléfono|telemóvel|téléphone|celular|phone|\bapp\b|aplikac|orange|bouygues|телефон|\bmy\b|\bmon\b|\bmein|\bmijn\b|\bmeu\b|\bmój|\bmojego|моего|мого|갤럭시|아이폰|삼성|휴대폰|스마트폰|모바일|네이버|한메일|다음 메일|메일 앱|나의|내 |スマート|携帯|手机|手機|我的`)
	// sentFrom may also begin a sentence, so it counts only at the very end.
	sentFrom  = regexp.MustCompile(`(?i)^[\s*_><\[(-]*sent from [^\n,.!?]{2,50}[.>\])]?$`)
	ruler     = regexp.MustCompile(`^[\s>]*(?:[-_=+~#*–—]{2,}|ᐧ|—)\s*$`)
	underline = regexp.MustCompile(`^\s*_{5,}\s*$`)
	footer    = regexp.MustCompile(`(?i)confidential|intended (?:only |solely )?(?:for|recipient)|disclaimer|vertraulich|confidentiel|poufn|unsubscribe|abmelden|désinscri|virus-?free|avast|scanned (?:by|for)|checked for viruses|consider the environment|mailing list|you received this (?:message|email)|to respond, reply|reply to this email|visit this link|group\b.*\bgoogle|수신거부|본 메일은|기밀|mailman|listinfo`)
	contact   = regexp.MustCompile(`(?i)^(?:[\s|,•·/-]*(?:https?://\S+|www\.\S+|\S+@\S+\.\S+|(?:(?:tel|phone|mobile|mob|cell|fax|t|m|f|e|e-?mail|w|web|전화|핸드폰|휴대폰|팩스)\s*[.:]?\s*)?\+?[\d][\d\s()./-]{5,}))+\s*$`)
)

// isSignatureMark is the line between a mail and its signature.
func isSignatureMark(line string) bool {
	line = strings.TrimSpace(line)
	return line == "--" || line == "—" || line == "–" || line == "- --" || line == "__"
}

// maxSignature bounds the lines under a signature mark that may be taken off:
// more is no signature, whatever stands above it.
const maxSignature = 20

// cutSignature is how many of the lines are left when a signature or a
// device's line at the end is taken off. The first words always stay.
func cutSignature(lines []string) int {
	seen, fence := false, false
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			fence = !fence
		}
		switch {
		case trimmed == "" || fence || isQuoted(line):
		case isSignatureMark(line) && seen && fewWords(lines[i+1:], maxSignature):
			return i
		case underline.MatchString(line) && seen && fewWords(lines[i+1:], maxSignature/2):
			return i
		case seen && paragraphStart(lines, i) && isDeviceLine(line): // the dear question last
			return i
		case seen && fewWords(lines[i+1:], 0) && sentFrom.MatchString(line):
			return i
		default:
			seen = seen || hasLetters(line)
		}
	}
	return len(lines)
}

func isDeviceLine(line string) bool {
	return len(line) < 200 && deviceLine.MatchString(line) && deviceWord.MatchString(line) // the anchored one is the cheaper
}

func paragraphStart(lines []string, i int) bool {
	return i == 0 || strings.TrimSpace(lines[i-1]) == "" || ruler.MatchString(lines[i-1]) || fewWords(lines[i+1:], 3)
}

// fewWords reports whether at most so many lines hold words, without reading
// on when more do.
func fewWords(lines []string, most int) bool {
	for _, line := range lines {
		if strings.TrimSpace(line) != "" && !isQuoted(line) {
			if most--; most < 0 {
				return false
			}
		}
	}
	return true
}

func hasLetters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r > 0x2000 }) >= 0
}

// holdsWords reports whether lines under a quote are somebody's answer and
// not a name, an address, a device's line or a footer.
func holdsWords(lines []string) bool {
	lines = lines[:cutSignatureAnywhere(lines)]
	for _, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "", isQuoted(line), ruler.MatchString(line), !hasLetters(trimmed):
		case isDeviceLine(line) || contact.MatchString(trimmed):
		case footer.MatchString(trimmed):
			return false
		case isName(trimmed):
		default:
			return true
		}
	}
	return false
}

// cutSignatureAnywhere is cutSignature for lines that may be nothing but one.
func cutSignatureAnywhere(lines []string) int {
	for i, line := range lines {
		if isSignatureMark(line) || underline.MatchString(line) {
			return i
		}
	}
	return len(lines)
}

// isName guesses a line that is a name or a greeting rather than a sentence.
func isName(line string) bool {
	if strings.ContainsAny(line, ".!?:。？！") || strings.HasSuffix(line, "다") || strings.HasSuffix(line, "요") {
		return false
	}
	words := strings.Fields(strings.Trim(line, ", "))
	if len(words) > 4 {
		return false
	}
	for _, word := range words {
		first := []rune(word)[0]
		if !unicode.IsUpper(first) && !(unicode.IsLetter(first) && !unicode.IsLower(first)) {
			return len(words) > 1 && isGreeting(line)
		}
	}
	return len(words) > 1 || isGreeting(line) || len(words[0]) > 3 && unicode.IsUpper([]rune(words[0])[0])
}

var greeting = regexp.MustCompile(`(?i)^(?:(?:best|kind|warm)(?:est)? ?(?:regards|wishes)?|regards|thanks|thank you|many thanks|cheers|sincerely|yours|mit freundlichen|viele|liebe|beste|cordialement|merci|bien à vous|saludos|gracias|atentamente|obrigad|atenciosamente|cordiali|grazie|saluti|groet|met vriendelijke|pozdrawiam|dziękuję|z poważaniem|hilsen|mvh|med vänlig|с уважением|спасибо|감사합니다|드림|よろしく|此致|谢谢)`)

func isGreeting(line string) bool { return greeting.MatchString(line) }
