"""The ICC profile of grey pictures: a file whose curve is the sRGB one."""

import io

import numpy as np
from PIL import ImageCms

from pipeline.imageio import encode


def test_the_grey_profile_is_a_monochrome_one_along_the_srgb_curve():
    data = encode._grey_profile()
    profile = ImageCms.ImageCmsProfile(io.BytesIO(data)).profile
    assert (profile.xcolor_space.strip(), profile.device_class) == ("GRAY", "mntr")
    assert profile.copyright == "No copyright, use freely"
    start = data.index(b"curv\0") + 12
    curve = np.frombuffer(data[start : start + 2048], ">u2") / 65535
    value = np.linspace(0, 1, 1024)
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    assert np.abs(curve - linear).max() < 1 / 65535
