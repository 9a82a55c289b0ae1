import streamlit as st
from google import genai
from redis import Redis
from rq import Queue

from audit import audit_document

st.title("Contract audit")
st.session_state.setdefault("jobs", {})


@st.cache_resource
def gemini():
    return genai.Client(api_key=st.secrets["gemini"])


@st.cache_data(ttl=3600)
def define(word: str) -> str:
    response = gemini().models.generate_content(
        model="gemini-2.5-flash", contents=f"Define the legal term {word!r} in one sentence."
    )
    return response.text


queue = Queue(connection=Redis())

if (upload := st.file_uploader("Contract", type="txt")) is not None and st.button("Audit"):
    job = queue.enqueue(audit_document, upload.getvalue().decode())
    st.session_state.jobs[upload.name] = job.id

for name, identifier in st.session_state.jobs.items():
    job = queue.fetch_job(identifier)
    st.write(name, job.get_status())
    if job.is_finished:
        st.table(job.result)

if word := st.sidebar.text_input("Look up"):
    st.sidebar.write(define(word))
