module github.com/seed-7466c776/mixup/integrations/born

go 1.25.0

replace github.com/seed-7466c776/mixup => ../..

require (
	github.com/born-ml/born v0.1.1
	github.com/seed-7466c776/mixup v0.0.0
)

require (
	golang.org/x/sys v0.40.0 // indirect
	gonum.org/v1/gonum v0.17.0 // indirect
)
