package charset

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// candidate is a charset a guess may fall on and how likely each character
// makes it.
type candidate struct {
	name  string
	enc   encoding.Encoding
	score func(rune) int
}

// The order settles ties: the first of the best wins.
var candidates = []candidate{
	{"euc-kr", korean.EUCKR, scoreKorean},
	{"shift_jis", japanese.ShiftJIS, scoreJapanese},
	{"euc-jp", japanese.EUCJP, scoreJapanese},
	{"gb18030", simplifiedchinese.GB18030, scoreChinese},
	{"big5", traditionalchinese.Big5, scoreTraditional},
	{"windows-1250", charmap.Windows1250, scoreCentral},
	{"iso-8859-2", charmap.ISO8859_2, scoreCentral},
	{"windows-1252", charmap.Windows1252, scoreWestern},
	{"windows-1251", charmap.Windows1251, scoreCyrillic},
	{"koi8-r", charmap.KOI8R, scoreCyrillic},
}

// guessSample bounds the bytes a guess looks at.
const guessSample = 16 << 10

// guess names the charset under which b reads most like a language.
// It is for bytes that are neither ASCII nor UTF-8.
func guess(b []byte) string {
	sample := sampleOf(b)
	best, bestScore := "windows-1252", -1<<30
	for _, c := range candidates {
		decoded, err := c.enc.NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		if score := scoreText(string(decoded), len(sample), c.score); score > bestScore {
			best, bestScore = c.name, score
		}
	}
	return best
}

// sampleOf picks the lines with foreign bytes, so that a long English preface
// does not hide them.
func sampleOf(b []byte) []byte {
	if len(b) <= guessSample {
		return b
	}
	var sample []byte
	for len(b) > 0 && len(sample) < guessSample {
		var line []byte
		line, b, _ = bytes.Cut(b, []byte("\n"))
		if len(line) > guessSample {
			line = line[:guessSample]
		}
		if !isASCII(line) {
			sample = append(append(sample, line...), '\n')
		}
	}
	return sample
}

// scoreText sums the scores of the foreign characters per foreign byte, and
// punishes letters whose case changes inside a word.
func scoreText(s string, size int, score func(rune) int) int {
	total, foreign := 0, 0
	previous := ' '
	for _, r := range s {
		if previous >= 0x80 && unlikelyPair(previous, r) {
			total -= 24
		}
		if r >= 0x80 {
			foreign++
			total += judge(r, score)
			if unicode.IsUpper(r) && unicode.IsLower(previous) {
				total -= 6
			}
			if previous < 0x80 && unicode.IsLetter(previous) && !unicode.Is(unicode.Latin, r) && unicode.IsLetter(r) {
				total -= 2
			}
		}
		previous = r
	}
	if foreign == 0 {
		return -1 << 20
	}
	// Two-byte charsets yield half the characters of the same bytes.
	return total * 100 / max(1, foreignBytes(s, size, foreign))
}

// unlikelyPair tells Spanish from Polish, whose ñ and ń, ¿ and ż share a
// byte, and Cyrillic from Latin letters between Latin ones.
func unlikelyPair(a, b rune) bool {
	switch {
	case a == 'ń':
		return strings.ContainsRune("aeouáéó", b)
	case a == 'ż':
		return unicode.IsUpper(b)
	case unicode.Is(unicode.Cyrillic, a):
		return b < 0x80 && unicode.IsLetter(b)
	}
	return false
}

func foreignBytes(s string, size, foreign int) int {
	ascii := 0
	for _, r := range s {
		if r < 0x80 {
			ascii++
		}
	}
	return max(foreign, size-ascii)
}

func judge(r rune, score func(rune) int) int {
	switch {
	case r == unicode.ReplacementChar:
		return -40
	case r < 0xa0, unicode.Is(unicode.Co, r):
		return -30
	}
	return score(r)
}

func scoreKorean(r rune) int {
	switch {
	case r >= 0xac00 && r <= 0xd7a3:
		if strings.ContainsRune(commonHangul, r) {
			return 24
		}
		return 8
	case cjkPunctuation(r):
		return 6
	case unicode.Is(unicode.Han, r):
		return -4
	}
	return -6
}

const commonHangul = "이다는을의에가고하은를한지로사도기시리니어자아서안세요녕주문배송감문의합습입인있수나대그제부들해정보전게여거라일상것면드신만구으스무"

func scoreJapanese(r rune) int {
	switch {
	case unicode.Is(unicode.Hiragana, r):
		return 22
	case r >= 0xff61 && r <= 0xff9f: // half width: what other charsets look like when read as this one
		return -12
	case unicode.Is(unicode.Katakana, r), r == 'ー':
		return 12
	case cjkPunctuation(r):
		return 8
	case unicode.Is(unicode.Han, r):
		return 2
	}
	return -8
}

func scoreChinese(r rune) int {
	switch {
	case strings.ContainsRune(commonHan, r):
		return 24
	case unicode.Is(unicode.Han, r) && r >= 0x4e00 && r <= 0x9fa5:
		return 3
	case cjkPunctuation(r):
		return 6
	}
	return -8
}

func scoreTraditional(r rune) int {
	if strings.ContainsRune(commonTraditional, r) {
		return 24
	}
	return scoreChinese(r)
}

const (
	commonHan         = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运请您谢订单货退款"
	commonTraditional = "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實請您謝訂單貨"
)

func cjkPunctuation(r rune) bool {
	return r >= 0x3000 && r <= 0x3003 || r >= 0x3008 && r <= 0x3011 || r >= 0xff01 && r <= 0xff5e
}

func scoreCentral(r rune) int {
	switch {
	case strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", r):
		return 12
	case strings.ContainsRune("áčďéěíňřšťúůýžôľĺŕäőűöüÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰÖÜßăâîșțşţđ", r):
		return 9
	case strings.ContainsRune("„”“’–—…§°€\u00a0", r):
		return 4
	case unicode.IsLetter(r):
		return -3
	}
	return -8
}

func scoreWestern(r rune) int {
	switch {
	case strings.ContainsRune("éèàçêôîûùâëïöäüßñáíóúãõøåæÉÀÖÄÜÑÁÓÅØ", r):
		return 10
	case strings.ContainsRune("„”“’‘–—…§°€«»¿¡£•®©™\u00a0·²³½", r):
		return 5
	case unicode.IsLetter(r):
		return -3
	}
	return -8
}

func scoreCyrillic(r rune) int {
	switch {
	case strings.ContainsRune("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъіїєґ", r):
		return 11
	case unicode.Is(unicode.Cyrillic, r):
		return 3
	case strings.ContainsRune("«»—–№„”\u00a0", r):
		return 4
	}
	return -8
}
