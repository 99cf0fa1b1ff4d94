module stnb.dev

go 1.26
