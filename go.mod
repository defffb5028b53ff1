module github.com/seed-7466c776/mixup

go 1.25.0

require (
	golang.org/x/exp v0.0.0-20250305212735-054e65f0b394
	gonum.org/v1/gonum v0.17.0
)

require golang.org/x/sys v0.40.0
