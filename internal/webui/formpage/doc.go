// Package formpage shows contact forms to anybody: a page of its own, or one
// for a frame on the company's site. It is made on the server and needs no
// script and no cookie; the rules of what is taken stand behind Forms. In the
// same dress it shows the way out of news (News).
package formpage
