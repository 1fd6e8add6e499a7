"""A scriptable SIP phone: a process of its own (:mod:`.program`, pjsua2), its driver, and an ear for what it hears."""

from hotline.sip_phone.driver import NoPhone, PhoneConfig, SipPhone
from hotline.sip_phone.hearing import Heard, Sound, describe, read_growing_wav, tones_in

__all__ = [
    "Heard",
    "NoPhone",
    "PhoneConfig",
    "SipPhone",
    "Sound",
    "describe",
    "read_growing_wav",
    "tones_in",
]
