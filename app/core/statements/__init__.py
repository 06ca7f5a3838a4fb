"""What others report of a year (Form 1099-DA, DAC8 and CARF), matched line by line with the own books."""
