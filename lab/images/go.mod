module drover/lab/images

go 1.26
