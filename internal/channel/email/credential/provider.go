package credential

import "strings"

// providerOf names the provider that a domain belongs to; "" when it is none of
// those we know.
func providerOf(domain string) string {
	for {
		if name := providers[domain]; name != "" {
			return name
		}
		_, parent, more := strings.Cut(domain, ".")
		if !more {
			return ""
		}
		domain = parent
	}
}

// providers are those with whose accounts one signs in elsewhere, or who prove
// that a domain is owned. A domain stands for those below it.
var providers = map[string]string{
	"slack.com": "Slack", "slack-mail.com": "Slack",
	"google.com": "Google", "youtube.com": "Google", "firebaseapp.com": "Google",
	"microsoft.com": "Microsoft", "microsoftonline.com": "Microsoft", "live.com": "Microsoft", "office.com": "Microsoft", "azure.com": "Microsoft", "office365.com": "Microsoft", "microsoftemail.com": "Microsoft", "skype.com": "Microsoft",
	"apple.com": "Apple", "icloud.com": "Apple",
	"github.com": "GitHub", "gitlab.com": "GitLab", "bitbucket.org": "Atlassian",
	"atlassian.com": "Atlassian", "atlassian.net": "Atlassian", "trello.com": "Atlassian", "statuspage.io": "Atlassian",
	"amazon.com": "Amazon", "amazonaws.com": "Amazon", "amazon.de": "Amazon", "amazon.pl": "Amazon", "amazon.fr": "Amazon", "amazon.es": "Amazon", "amazon.co.uk": "Amazon",
	"facebook.com": "Facebook", "facebookmail.com": "Facebook", "instagram.com": "Instagram", "meta.com": "Meta", "whatsapp.com": "WhatsApp", "linkedin.com": "LinkedIn", "twitter.com": "X", "x.com": "X",
	"discord.com": "Discord", "discordapp.com": "Discord", "tiktok.com": "TikTok", "telegram.org": "Telegram", "reddit.com": "Reddit", "redditmail.com": "Reddit", "pinterest.com": "Pinterest",
	"okta.com": "Okta", "auth0.com": "Auth0", "onelogin.com": "OneLogin", "duosecurity.com": "Duo", "duo.com": "Duo", "jumpcloud.com": "JumpCloud", "lastpass.com": "LastPass", "1password.com": "1Password", "bitwarden.com": "Bitwarden",
	"salesforce.com": "Salesforce", "hubspot.com": "HubSpot", "freshworks.com": "Freshworks",
	"dropbox.com": "Dropbox", "dropboxmail.com": "Dropbox", "box.com": "Box", "zoom.us": "Zoom", "notion.so": "Notion", "makenotion.com": "Notion", "figma.com": "Figma", "canva.com": "Canva", "adobe.com": "Adobe", "docusign.net": "DocuSign", "asana.com": "Asana", "monday.com": "monday.com", "linear.app": "Linear", "airtable.com": "Airtable", "miro.com": "Miro",
	"openai.com": "OpenAI", "anthropic.com": "Anthropic", "stripe.com": "Stripe", "paypal.com": "PayPal", "paypal.de": "PayPal", "wise.com": "Wise", "revolut.com": "Revolut", "shopify.com": "Shopify", "mailchimp.com": "Mailchimp", "sendgrid.com": "SendGrid", "mailgun.com": "Mailgun", "twilio.com": "Twilio", "heroku.com": "Heroku", "vercel.com": "Vercel", "netlify.com": "Netlify", "docker.com": "Docker", "npmjs.com": "npm", "pypi.org": "PyPI", "digitalocean.com": "DigitalOcean",
	"naver.com": "Naver", "kakao.com": "Kakao", "kakaocorp.com": "Kakao", "daum.net": "Kakao", "allegro.pl": "Allegro", "onet.pl": "Onet", "wp.pl": "WP", "yahoo.com": "Yahoo", "proton.me": "Proton", "fastmail.com": "Fastmail", "gmx.net": "GMX", "web.de": "WEB.DE",
	"cloudflare.com": "Cloudflare", "godaddy.com": "GoDaddy", "namecheap.com": "Namecheap", "gandi.net": "Gandi", "ionos.com": "IONOS", "ionos.de": "IONOS", "ovh.com": "OVHcloud", "ovh.net": "OVHcloud", "hetzner.com": "Hetzner", "home.pl": "home.pl", "gabia.com": "Gabia",
	"digicert.com": "DigiCert", "sectigo.com": "Sectigo", "comodoca.com": "Sectigo", "comodo.com": "Sectigo", "trust-provider.com": "Sectigo", "globalsign.com": "GlobalSign", "entrust.com": "Entrust", "entrust.net": "Entrust", "geotrust.com": "GeoTrust", "thawte.com": "thawte", "rapidssl.com": "RapidSSL", "certum.pl": "Certum", "certum.eu": "Certum", "swisssign.com": "SwissSign", "buypass.com": "Buypass", "ssl.com": "SSL.com", "actalis.it": "Actalis", "harica.gr": "HARICA", "zerossl.com": "ZeroSSL", "identrust.com": "IdenTrust", "telesec.de": "Telekom Security", "certigna.com": "Certigna", "sslstore.com": "The SSL Store", "thesslstore.com": "The SSL Store",
}

// machineDomains are those of providers from which only machines write.
var machineDomains = map[string]bool{"facebookmail.com": true, "microsoftonline.com": true, "slack-mail.com": true, "redditmail.com": true, "dropboxmail.com": true, "trust-provider.com": true, "docusign.net": true, "microsoftemail.com": true, "amazonaws.com": true}

// freemail are domains where everybody has an address: no first part of one
// there is an office.
var freemail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true, "live.com": true, "msn.com": true, "yahoo.com": true, "icloud.com": true, "me.com": true, "mac.com": true, "aol.com": true,
	"gmx.de": true, "gmx.net": true, "web.de": true, "t-online.de": true, "freenet.de": true, "orange.fr": true, "wanadoo.fr": true, "free.fr": true, "laposte.net": true, "sfr.fr": true,
	"wp.pl": true, "o2.pl": true, "onet.pl": true, "interia.pl": true, "op.pl": true, "naver.com": true, "daum.net": true, "hanmail.net": true, "kakao.com": true, "nate.com": true, "proton.me": true, "protonmail.com": true, "fastmail.com": true, "mail.com": true, "zoho.com": true, "yandex.com": true,
}
