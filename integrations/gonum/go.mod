module github.com/seed-7466c776/mixup/integrations/gonum

go 1.25.0

replace github.com/seed-7466c776/mixup => ../..

require (
	github.com/seed-7466c776/mixup v0.0.0
	gonum.org/v1/gonum v0.17.0
)

require (
	golang.org/x/sys v0.40.0 // indirect
	golang.org/x/tools v0.30.0 // indirect
)
