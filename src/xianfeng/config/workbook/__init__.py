"""The office's workbook, composed of every app's sheets: template, import, the page and the command for it."""
