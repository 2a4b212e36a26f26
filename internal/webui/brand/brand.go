// Package brand makes readable colours out of one brand colour, for pages that
// have no script. It is the twin of ui/src/brand.ts: testdata/colours.json
// holds both to the same figures.
package brand

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Default is the colour of whoever has chosen none.
const Default = "#0b6470"

// Colours follow from a brand colour.
type Colours struct {
	Fill      string `json:"fill"`   // buttons: at least 3:1 on the page
	OnFill    string `json:"onFill"` // text on Fill: at least 4.5:1
	FillHover string `json:"fillHover"`
	Text      string `json:"text"` // the brand as text
	Soft      string `json:"soft"` // a tint behind text, and the line around it
	Line      string `json:"line"`
}

const (
	whiteBelow   = 0.179 // below this luminance white is the better text
	lightestFill = 0.25  // luminance of a fill that still stands out on white
)

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Light and Dark are the colours of a theme. What is no colour is taken for
// the default.
func Light(brand string) Colours {
	linear := linearOf(brand)
	l, c, h := oklchOf(linear)
	fill := linear.times(math.Min(1, lightestFill/math.Max(linear.luminance(), 0.0001)))
	return onto(fill, fromOklch(math.Min(l, 0.46), c, h), fromOklch(0.965, math.Min(c, 0.016), h), fromOklch(0.86, math.Min(c, 0.04), h))
}

// Dark is Light for a dark page.
func Dark(brand string) Colours {
	l, c, h := oklchOf(linearOf(brand))
	fill := fromOklch(math.Min(0.82, math.Max(0.545, l)), math.Min(c, 0.17), h)
	return onto(fill, fromOklch(math.Max(l, 0.8), math.Min(c, 0.12), h), fromOklch(0.245, math.Min(c, 0.035), h), fromOklch(0.4, math.Min(c, 0.04), h))
}

func onto(fill, text, soft, line triple) Colours {
	on, away := "#000000", oklabOf(triple{1, 1, 1})
	if fill.luminance() < whiteBelow { // hover moves away from the text, so contrast only grows
		on, away = "#ffffff", oklabOf(triple{})
	}
	hover := oklabOf(fill)
	for i := range hover {
		hover[i] = hover[i]*0.88 + away[i]*0.12
	}
	return Colours{Fill: fill.hex(), OnFill: on, FillHover: fromOklab(hover).hex(), Text: text.hex(), Soft: soft.hex(), Line: line.hex()}
}

// triple is a colour: linear red, green and blue, or the parts of OKLab.
type triple [3]float64

func (t triple) times(n float64) triple { return triple{t[0] * n, t[1] * n, t[2] * n} }

func (t triple) luminance() float64 { return 0.2126*t[0] + 0.7152*t[1] + 0.0722*t[2] }

func (t triple) inside(least, most float64) bool {
	for _, part := range t {
		if part <= least || part >= most {
			return false
		}
	}
	return true
}

func linearOf(hex string) (t triple) {
	if !colour.MatchString(hex) {
		hex = Default
	}
	for i := range t {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		part := float64(n) / 255
		if part <= 0.04045 {
			t[i] = part / 12.92
		} else {
			t[i] = math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	return t
}

func (t triple) hex() string {
	var parts [3]int
	for i, part := range t {
		part = math.Min(1, math.Max(0, part))
		if part <= 0.0031308 {
			part *= 12.92
		} else {
			part = 1.055*math.Pow(part, 1/2.4) - 0.055
		}
		parts[i] = int(math.Floor(255*part + 0.5))
	}
	return fmt.Sprintf("#%02x%02x%02x", parts[0], parts[1], parts[2])
}

func oklabOf(t triple) triple {
	r, g, b := t[0], t[1], t[2]
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return triple{0.2104542553*l + 0.793617785*m - 0.0040720468*s, 1.9779984951*l - 2.428592205*m + 0.4505937099*s, 0.0259040371*l + 0.7827717662*m - 0.808675766*s}
}

func fromOklab(t triple) triple {
	cube := func(n float64) float64 { return n * n * n }
	l := cube(t[0] + 0.3963377774*t[1] + 0.2158037573*t[2])
	m := cube(t[0] - 0.1055613458*t[1] - 0.0638541728*t[2])
	s := cube(t[0] - 0.0894841775*t[1] - 1.291485548*t[2])
	return triple{4.0767416621*l - 3.3077115913*m + 0.2309699292*s, -1.2684380046*l + 2.6097574011*m - 0.3413193965*s, -0.0041960863*l - 0.7034186147*m + 1.707614701*s}
}

func oklchOf(t triple) (l, c, h float64) {
	lab := oklabOf(t)
	return lab[0], math.Hypot(lab[1], lab[2]), math.Atan2(lab[2], lab[1])
}

// fromOklch fits a colour to the screen by giving up chroma, never lightness.
func fromOklch(l, c, h float64) triple {
	for ; ; c *= 0.95 {
		t := fromOklab(triple{l, c * math.Cos(h), c * math.Sin(h)})
		if c < 0.002 || t.inside(-0.0005, 1.0005) {
			for i := range t {
				t[i] = math.Min(1, math.Max(0, t[i]))
			}
			return t
		}
	}
}
