"""Labels of forms look as those that templates write."""

from django.contrib.auth.forms import AuthenticationForm


def test_no_label_of_a_form_ends_in_a_colon():
    field = AuthenticationForm()["username"]
    assert field.label_tag() == '<label for="id_username">Username</label>'
    assert field.label_tag(label_suffix=None).endswith(":</label>")  # as the admin site asks
