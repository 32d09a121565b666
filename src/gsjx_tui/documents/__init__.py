"""Files people exchange: tables read in, sheets and papers written. Knows no rule."""
