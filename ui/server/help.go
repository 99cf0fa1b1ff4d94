package server

import (
	"html/template"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/docs"
	"stnb.dev/widgets/markdown"
)

// help shows a page of the manual.
func (e *edit) help(c *fiber.Ctx) error {
	topic, ok := docs.Find(c.Params("topic", "cells"))
	if !ok {
		return fiber.ErrNotFound
	}
	html, _ := markdown.Render(topic.Text)
	return e.show(c, fiber.StatusOK, "help.html", struct {
		Base, Name, Title string
		Topics            []docs.Topic
		Text              template.HTML // which Render made safe
	}{e.base, topic.Name, topic.Title, docs.Topics(), template.HTML(e.linked(html))})
}

var (
	sectionTag = regexp.MustCompile(`<h2>([^<]*)</h2>`)
	pageLink   = regexp.MustCompile(`<a href="([a-z-]+)\.md(#[a-z-]*)?">`)
	otherLink  = regexp.MustCompile(`<a href="\.?\.?/?[a-z][^":]*">([^<]*(?:<code>[^<]*</code>)?)</a>`)
)

// linked gives sections the names that links to them have, and makes links between
// files of the repository links between pages; to what is no page, plain text.
func (e *edit) linked(html string) string {
	html = sectionTag.ReplaceAllStringFunc(html, func(tag string) string {
		title := sectionTag.FindStringSubmatch(tag)[1]
		return `<h2 id="` + strings.ReplaceAll(strings.ToLower(title), " ", "-") + `">` + title + `</h2>`
	})
	html = pageLink.ReplaceAllString(html, `<a href="/$1$2">`)
	html = otherLink.ReplaceAllString(html, "$1")
	return strings.ReplaceAll(html, `<a href="/`, `<a href="`+template.HTMLEscapeString(e.base)+`help/`)
}
