"""Input of the boards."""

from django import forms


class UrgeForm(forms.Form):
    """Who is reminded of what: hidden fields of the button."""

    addressee = forms.CharField(max_length=16)
    kind = forms.CharField(max_length=12)
