package contact

import (
	"net"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Company is where contacts work, found by the domain of their address.
type Company struct {
	ID           int64
	WorkspaceID  int64
	Name         string
	Domain       string // "": none
	ContactCount int64  // filled by Companies and GetCompany
	CreatedAt    time.Time
	Version      int64
}

// companyDomain is the registered domain of an address, or "" when the address
// says nothing about an employer: a public mail provider, a bare host, an IP.
func companyDomain(address string) string {
	_, domain, found := strings.Cut(strings.ToLower(address), "@")
	domain = strings.TrimSuffix(domain, ".")
	if !found || strings.HasPrefix(domain, "[") || net.ParseIP(domain) != nil {
		return ""
	}
	registered, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil || publicMail[registered] || publicMail[domain] || publicFamily(registered) {
		return ""
	}
	return registered
}

// publicFamily covers providers that use one name under many country endings.
func publicFamily(registered string) bool {
	name, _, _ := strings.Cut(registered, ".")
	switch name {
	case "yahoo", "hotmail", "outlook", "live", "gmx", "yandex", "protonmail":
		return true
	}
	return false
}

// publicMail are the large providers at which everybody can have an address.
var publicMail = setOf(`
	gmail.com googlemail.com ymail.com rocketmail.com msn.com passport.com icloud.com me.com mac.com aol.com aim.com
	proton.me pm.me tutanota.com tutanota.de tuta.io tuta.com fastmail.com fastmail.fm hey.com mail.com email.com
	zoho.com zohomail.com zohomail.eu inbox.com hushmail.com mailbox.org posteo.de posteo.net startmail.com duck.com
	web.de freenet.de t-online.de arcor.de mail.de gmx.net bluewin.ch
	orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr
	libero.it virgilio.it tiscali.it alice.it tin.it
	btinternet.com sky.com virginmedia.com talktalk.net ntlworld.com blueyonder.co.uk
	comcast.net verizon.net att.net sbcglobal.net cox.net charter.net bellsouth.net earthlink.net optonline.net
	rogers.com shaw.ca bell.net sympatico.ca bigpond.com optusnet.com.au
	mail.ru bk.ru list.ru inbox.ru rambler.ru ya.ru ukr.net i.ua seznam.cz centrum.cz email.cz post.cz azet.sk
	telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl home.nl telia.com online.no
	uol.com.br bol.com.br terra.com.br terra.es
	wp.pl o2.pl onet.pl onet.eu op.pl vp.pl poczta.onet.pl poczta.onet.eu interia.pl interia.eu interia.com poczta.fm
	gazeta.pl tlen.pl go2.pl autograf.pl buziaczek.pl spoko.pl amorki.pl int.pl poczta.pl neostrada.pl
	naver.com hanmail.net daum.net kakao.com nate.com empas.com korea.com hanmir.com chol.com dreamwiz.com lycos.co.kr paran.com hitel.net
	qq.com 163.com 126.com yeah.net sina.com sina.cn sohu.com foxmail.com 139.com aliyun.com
	docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp au.com nifty.com ocn.ne.jp rediffmail.com
`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
