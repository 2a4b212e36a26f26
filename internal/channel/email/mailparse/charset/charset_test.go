package charset

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func TestMAIL27CharsetIsGuessedWhereNoneIsDeclared(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		enc  encoding.Encoding
		text string
	}{
		"Korean":              {korean.EUCKR, "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다."},
		"Korean short":        {korean.EUCKR, "환불해 주세요"},
		"Korean CP949":        {korean.EUCKR, "뷁 똠방각하 펲시콜라 주문이요"},
		"Korean in English":   {korean.EUCKR, "Order no. 4711 - 배송 문의 - please reply"},
		"Polish":              {charmap.Windows1250, "Dzień dobry, proszę o zwrot pieniędzy za zamówienie. Źle uszyta koszulka, świetny kolor."},
		"Polish ISO":          {charmap.ISO8859_2, "Zażółć gęślą jaźń. Proszę o świeżą paczkę."},
		"Polish short":        {charmap.Windows1250, "Proszę o zwrot pieniędzy"},
		"German":              {charmap.Windows1252, "Guten Tag, ich möchte die Größe ändern. Schöne Grüße, Jörg Müller"},
		"French":              {charmap.Windows1252, "Bonjour, la commande n’est pas arrivée à la date prévue. Merci d’avance, Hélène"},
		"Spanish":             {charmap.Windows1252, "¿Cuándo llegará el envío? Mañana no estoy. Señor Núñez"},
		"Czech":               {charmap.Windows1250, "Dobrý den, kdy přijde zboží? Děkuji, Jiří Dvořák, žlutý kůň"},
		"Russian":             {charmap.Windows1251, "Здравствуйте, когда придёт мой заказ? Спасибо."},
		"Russian KOI8":        {charmap.KOI8R, "Здравствуйте, когда придёт мой заказ? Спасибо."},
		"Japanese Shift_JIS":  {japanese.ShiftJIS, "こんにちは。注文した商品がまだ届いていません。確認をお願いします。"},
		"Japanese EUC":        {japanese.EUCJP, "こんにちは。注文した商品がまだ届いていません。確認をお願いします。"},
		"Japanese ISO-2022":   {japanese.ISO2022JP, "こんにちは。注文した商品がまだ届いていません。"},
		"Chinese":             {simplifiedchinese.GBK, "您好，我的订单还没有收到，请问什么时候可以到？谢谢。"},
		"Chinese traditional": {traditionalchinese.Big5, "您好，我的訂單還沒有收到，請問什麼時候可以到？謝謝。"},
		"UTF-8":               {encoding.Nop, "안녕하세요, dzień dobry, こんにちは"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := c.enc.NewEncoder().String(c.text)
			if err != nil {
				t.Fatal(err)
			}
			for _, declared := range []string{"", "us-ascii", "utf-8", "x-nonsense"} {
				if got := Decode([]byte(raw), declared); got != c.text {
					t.Errorf("declared %q: got %q", declared, got)
				}
			}
		})
	}
}

func TestDeclaredCharsetIsHonoured(t *testing.T) {
	t.Parallel()
	for declared, c := range map[string]struct{ raw, want string }{
		"iso-8859-2":     {"\xb1", "ą"},
		"ks_c_5601-1987": {"\xbe\xc8", "안"},
		"cp949":          {"\xbe\xc8", "안"},
		"Windows-1252":   {"\x80", "€"},
		"iso-8859-1":     {"na\xc3\xafve caf\xc3\xa9", "naïve café"}, // it is UTF-8
		"utf-7":          {"+vUg--a", "뵈-a"},
		"utf-16":         {"\xff\xfea\x00", "a"},
	} {
		if got := Decode([]byte(c.raw), declared); got != c.want {
			t.Errorf("%s: got %q, want %q", declared, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xbe\xc8"), "euc-kr")
	f.Add([]byte("+a-\xff"), "utf-7")
	f.Fuzz(func(t *testing.T, raw []byte, declared string) {
		if got := Decode(raw, declared); !utf8.ValidString(got) || got != Clean(got) {
			t.Errorf("%q as %q is not storable: %q", raw, declared, got)
		}
	})
}
