"""Tables: files of rows opened, headings bound to elements, rows made into cases and cases into rows."""
