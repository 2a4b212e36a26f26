package provider

func tls(host string) Server { return Server{host, 993, "tls"} }

func sends(host string) Server { return Server{host, 465, "tls"} }

func startTLS(host string) Server { return Server{host, 587, "starttls"} }

var (
	google = OAuth{Name: "Google", Authorize: "https://accounts.google.com/o/oauth2/v2/auth", Token: "https://oauth2.googleapis.com/token", Revoke: "https://oauth2.googleapis.com/revoke", Scope: "https://mail.google.com/",
		Params: map[string]string{"access_type": "offline", "prompt": "consent"}} // else it gives lasting access only once
	microsoft = OAuth{Name: "Microsoft", Authorize: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize", Token: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
		Scope: "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access", Params: map[string]string{"prompt": "select_account"}}
)

// known are the providers, the ones that people name first in front. Their
// words stand in web/src/i18n/settings under provider.KEY.
var known = []Provider{
	{Key: "google", Name: "Gmail", OAuth: &google, Password: AppPassword, Link: "https://myaccount.google.com/apppasswords", Signs: true, Selector: "google", SPF: "include:_spf.google.com", IMAP: tls("imap.gmail.com"), SMTP: sends("smtp.gmail.com"),
		domains: []string{"gmail.com", "googlemail.com"}, mx: []string{"google.com", "googlemail.com", "smtp.goog"}},
	{Key: "microsoft", Name: "Microsoft 365", OAuth: &microsoft, Password: NoPassword, Link: "https://support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040", Signs: true, Selector: "selector1", SPF: "include:spf.protection.outlook.com", IMAP: tls("outlook.office365.com"), SMTP: startTLS("smtp.office365.com"),
		domains: []string{"outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "outlook.kr", "hotmail.co.kr", "hotmail.de", "live.de", "hotmail.co.uk", "live.co.uk"}, mx: []string{"mail.protection.outlook.com", "mx.microsoft", "olc.protection.outlook.com"}},
	{Key: "icloud", Name: "iCloud", Password: AppPassword, Link: "https://account.apple.com/account/manage", Signs: true, Selector: "sig1", SPF: "include:icloud.com", IMAP: tls("imap.mail.me.com"), SMTP: startTLS("smtp.mail.me.com"),
		domains: []string{"icloud.com", "me.com", "mac.com"}, mx: []string{"mail.icloud.com"}},
	{Key: "yahoo", Name: "Yahoo", Password: AppPassword, Link: "https://login.yahoo.com/account/security", Signs: true, IMAP: tls("imap.mail.yahoo.com"), SMTP: sends("smtp.mail.yahoo.com"),
		domains: []string{"yahoo.com", "ymail.com", "rocketmail.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.pl"}, mx: []string{"yahoodns.net"}},
	{Key: "aol", Name: "AOL", Password: AppPassword, Link: "https://login.aol.com/account/security", Signs: true, IMAP: tls("imap.aol.com"), SMTP: sends("smtp.aol.com"), domains: []string{"aol.com", "aim.com"}},
	{Key: "fastmail", Name: "Fastmail", Password: AppPassword, Link: "https://app.fastmail.com/settings/security/apps", Signs: true, Selector: "fm1", SPF: "include:spf.messagingengine.com", IMAP: tls("imap.fastmail.com"), SMTP: sends("smtp.fastmail.com"),
		domains: []string{"fastmail.com", "fastmail.fm"}, mx: []string{"messagingengine.com"}},
	{Key: "zoho", Name: "Zoho", Password: AppPassword, Link: "https://accounts.zoho.com/home#security/app_password", Signs: true, SPF: "include:zohomail.com", IMAP: tls("imap.zoho.com"), SMTP: sends("smtp.zoho.com"),
		domains: []string{"zoho.com", "zohomail.com"}, mx: []string{"zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zoho.jp", "zohomail.com"}},
	{Key: "proton", Name: "Proton", Password: Bridge, Link: "https://proton.me/mail/bridge", Signs: true, SPF: "include:_spf.protonmail.ch", IMAP: Server{"127.0.0.1", 1143, "starttls"}, SMTP: Server{"127.0.0.1", 1025, "starttls"},
		domains: []string{"proton.me", "protonmail.com", "pm.me", "protonmail.ch"}, mx: []string{"protonmail.ch"}},
	{Key: "gmx", Name: "GMX", Password: OwnPassword, Link: "https://hilfe.gmx.net/pop-imap/einschalten.html", Signs: true, IMAP: tls("imap.gmx.net"), SMTP: sends("mail.gmx.net"), domains: []string{"gmx.net", "gmx.de", "gmx.at", "gmx.ch"}},
	{Key: "gmx", Name: "GMX", Password: OwnPassword, Link: "https://support.gmx.com/pop-imap/toggle.html", Signs: true, IMAP: tls("imap.gmx.com"), SMTP: sends("mail.gmx.com"), domains: []string{"gmx.com", "gmx.us", "gmx.co.uk"}},
	{Key: "webde", Name: "WEB.DE", Password: OwnPassword, Link: "https://hilfe.web.de/pop-imap/einschalten.html", Signs: true, IMAP: tls("imap.web.de"), SMTP: startTLS("smtp.web.de"), domains: []string{"web.de", "email.de"}},
	{Key: "tonline", Name: "Telekom", Password: AppPassword, Link: "https://account.idm.telekom.com/account-manager/", Signs: true, IMAP: tls("secureimap.t-online.de"), SMTP: sends("securesmtp.t-online.de"), domains: []string{"t-online.de", "magenta.de"}},
	{Key: "mailboxorg", Name: "mailbox.org", Password: OwnPassword, Signs: true, SPF: "include:mailbox.org", IMAP: tls("imap.mailbox.org"), SMTP: sends("smtp.mailbox.org"), domains: []string{"mailbox.org"}, mx: []string{"mailbox.org"}},
	{Key: "posteo", Name: "Posteo", Password: OwnPassword, Signs: true, IMAP: tls("posteo.de"), SMTP: sends("posteo.de"), domains: []string{"posteo.de", "posteo.net", "posteo.eu"}},
	{Key: "naver", Name: "Naver", Password: OwnPassword, Link: "https://mail.naver.com", UserIsLocal: true, Signs: true, IMAP: tls("imap.naver.com"), SMTP: startTLS("smtp.naver.com"), domains: []string{"naver.com"}},
	{Key: "naverworks", Name: "Naver Works", Password: AppPassword, Link: "https://mail.worksmobile.com", SPF: "include:spf.worksmobile.com", IMAP: tls("imap.worksmobile.com"), SMTP: sends("smtp.worksmobile.com"), mx: []string{"worksmobile.com"}},
	{Key: "daum", Name: "Daum", Password: AppPassword, Link: "https://mail.daum.net", UserIsLocal: true, Signs: true, IMAP: tls("imap.daum.net"), SMTP: sends("smtp.daum.net"), domains: []string{"daum.net", "hanmail.net"}},
	{Key: "daum", Name: "Kakao", Password: AppPassword, Link: "https://mail.kakao.com", UserIsLocal: true, Signs: true, IMAP: tls("imap.kakao.com"), SMTP: sends("smtp.kakao.com"), domains: []string{"kakao.com"}},
	{Key: "onet", Name: "Onet", Password: OwnPassword, Link: "https://poczta.onet.pl", Signs: true, IMAP: tls("imap.poczta.onet.pl"), SMTP: sends("smtp.poczta.onet.pl"), domains: []string{"onet.pl", "onet.eu", "op.pl", "vp.pl", "poczta.onet.pl", "poczta.onet.eu", "onet.com.pl", "autograf.pl"}},
	{Key: "wp", Name: "WP", Password: OwnPassword, Link: "https://poczta.wp.pl", UserIsLocal: true, Signs: true, IMAP: tls("imap.wp.pl"), SMTP: sends("smtp.wp.pl"), domains: []string{"wp.pl"}},
	{Key: "o2", Name: "o2.pl", Password: OwnPassword, Link: "https://poczta.o2.pl", Signs: true, IMAP: tls("poczta.o2.pl"), SMTP: sends("poczta.o2.pl"), domains: []string{"o2.pl", "tlen.pl", "go2.pl"}},
	{Key: "interia", Name: "Interia", Password: OwnPassword, Link: "https://poczta.interia.pl", Signs: true, IMAP: tls("poczta.interia.pl"), SMTP: sends("poczta.interia.pl"), domains: []string{"interia.pl", "interia.eu", "interia.com", "poczta.fm"}},
	{Key: "ovh", Name: "OVHcloud", Password: OwnPassword, SPF: "include:mx.ovh.com", IMAP: tls("ssl0.ovh.net"), SMTP: sends("ssl0.ovh.net"), mx: []string{"mail.ovh.net", "ovh.net"}},
	{Key: "homepl", Name: "home.pl", Password: OwnPassword, SPF: "include:_spf.home.pl", mx: []string{"home.pl"}},
	{Key: "nazwa", Name: "nazwa.pl", Password: OwnPassword, mx: []string{"nazwa.pl"}},
	{Key: "ionos", Name: "IONOS", Password: OwnPassword, SPF: "include:_spf.perfora.net include:_spf.kundenserver.de", IMAP: tls("imap.ionos.de"), SMTP: sends("smtp.ionos.de"), mx: []string{"ionos.com", "ionos.de", "ionos.co.uk", "kundenserver.de", "perfora.net"}},
	{Key: "strato", Name: "STRATO", Password: OwnPassword, SPF: "include:_spf.strato.com", IMAP: tls("imap.strato.de"), SMTP: sends("smtp.strato.de"), mx: []string{"rzone.de"}},
	{Key: "gandi", Name: "Gandi", Password: OwnPassword, SPF: "include:_mailcust.gandi.net", IMAP: tls("mail.gandi.net"), SMTP: sends("mail.gandi.net"), mx: []string{"mail.gandi.net"}},
	{Key: "infomaniak", Name: "Infomaniak", Password: OwnPassword, SPF: "include:spf.infomaniak.ch", IMAP: tls("mail.infomaniak.com"), SMTP: sends("mail.infomaniak.com"), mx: []string{"infomaniak.ch"}},
	{Key: "hostinger", Name: "Hostinger", Password: OwnPassword, SPF: "include:_spf.mail.hostinger.com", IMAP: tls("imap.hostinger.com"), SMTP: sends("smtp.hostinger.com"), mx: []string{"hostinger.com"}},
	{Key: "migadu", Name: "Migadu", Password: OwnPassword, SPF: "include:spf.migadu.com", IMAP: tls("imap.migadu.com"), SMTP: sends("smtp.migadu.com"), mx: []string{"migadu.com"}},
	{Key: "privateemail", Name: "Namecheap", Password: OwnPassword, SPF: "include:spf.privateemail.com", IMAP: tls("mail.privateemail.com"), SMTP: sends("mail.privateemail.com"), mx: []string{"privateemail.com"}},
}

// regional are the servers, for fetching and for sending, of companies' domains
// at providers that name them by region.
var regional = map[string][][2]string{
	"zoho":  {{"imappro.zoho.com", "smtppro.zoho.com"}, {"imappro.zoho.eu", "smtppro.zoho.eu"}, {"imappro.zoho.in", "smtppro.zoho.in"}, {"imappro.zoho.com.au", "smtppro.zoho.com.au"}, {"imappro.zoho.jp", "smtppro.zoho.jp"}},
	"ionos": {{"imap.ionos.de", "smtp.ionos.de"}, {"imap.ionos.com", "smtp.ionos.com"}, {"imap.ionos.co.uk", "smtp.ionos.co.uk"}},
}
