package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

var errTooLarge = Refuse(fiber.StatusRequestEntityTooLarge, "That is more than this server takes.")

// bodyReader reads a request's body as it arrives.
func bodyReader(ctx *fasthttp.RequestCtx) io.Reader {
	if stream := ctx.RequestBodyStream(); stream != nil {
		return stream
	}
	return bytes.NewReader(ctx.Request.Body())
}

// tooLarge refuses a body; what still comes of it is dropped (conns.go).
func tooLarge(ctx *fasthttp.RequestCtx) error {
	ctx.SetConnectionClose()
	return errTooLarge
}

// readBody reads a whole body of at most limit bytes.
func readBody(ctx *fasthttp.RequestCtx, limit int64) ([]byte, error) {
	if int64(ctx.Request.Header.ContentLength()) > limit {
		return nil, tooLarge(ctx)
	}
	body, err := io.ReadAll(io.LimitReader(bodyReader(ctx), limit+1))
	if err != nil {
		ctx.SetConnectionClose()
		return nil, Refuse(fiber.StatusBadRequest, "The request broke off.")
	}
	if int64(len(body)) > limit {
		return nil, tooLarge(ctx)
	}
	return body, nil
}

// readJSON reads one JSON value, and nothing after it, into v.
func readJSON(ctx *fasthttp.RequestCtx, limit int64, v any) error {
	body, err := readBody(ctx, limit)
	if err != nil {
		return err
	}
	if err := decodeStrict(body, v); err != nil {
		return Refuse(fiber.StatusBadRequest, "The request is not the JSON that belongs here.")
	}
	return nil
}

// decodeStrict refuses unknown fields and trailing text.
func decodeStrict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
